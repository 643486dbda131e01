/**
 * Calls the web door of `server.js` by the runtime's own fetch: `web-client.js <target> <connect or grpc-web>`. Prints a JSON object: each
 * case, "ok" or what went wrong.
 */
import { status } from "gen-stubs-runtime";
import { fetchChannel } from "gen-stubs-runtime/web";
import { attempt, cases, nobodyListens, rejects, results } from "./cases.js";
import { KindsClient } from "./gen/kinds_grpc.js";

const [target, protocol] = process.argv.slice(2);
const channel = fetchChannel(target, { protocol });
const { "both ways": _, ...carried } = cases;
for (const [name, action] of Object.entries(carried)) {
  await attempt(name, () => againIfStale(() => action(new KindsClient(channel))));
}
await attempt("both ways is refused", async () => {
  await rejects(new KindsClient(channel).both().recv(), status.UNIMPLEMENTED);
});
await attempt("nobody", () => nobodyListens(fetchChannel("http://127.0.0.1:1", { protocol })));
await attempt("close", () => channel.close());
console.log(JSON.stringify(results));

/** Once more where the server had just closed the idle connection that fetch took: on a busy machine that comes, and fetch repeats no POST. */
async function againIfStale(action) {
  try {
    await action();
  } catch (error) {
    if (!/other side closed|EPIPE/.test(String(error?.message))) throw error;
    await action();
  }
}
