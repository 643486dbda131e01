/** Calls a server of `server.js`: `client.js <plain target> <TLS target> <ca>`. Prints a JSON object: each case, "ok" or what went wrong. */
import { readFileSync } from "node:fs";
import { connect, status } from "gen-stubs-runtime";
import { attempt, cases, kinds, nobodyListens, rejects, results } from "./cases.js";
import { KindsClient } from "./gen/kinds_grpc.js";

const [plainTarget, tlsTarget, ca] = process.argv.slice(2);

const plain = connect(plainTarget);
for (const [name, action] of Object.entries(cases)) await attempt(name, () => action(new KindsClient(plain)));
await attempt("nobody", () => nobodyListens(connect("http://127.0.0.1:1")));
await attempt("close", () => plain.close());
await attempt("TLS", async () => {
  const secure = connect(tlsTarget, { tls: { ca: readFileSync(ca) } });
  for (const action of Object.values(kinds)) await action(new KindsClient(secure));
  await secure.close();
  const stranger = connect(tlsTarget);
  await rejects(new KindsClient(stranger).unary({}), status.UNAVAILABLE);
  await stranger.close();
});
console.log(JSON.stringify(results));
