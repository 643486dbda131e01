/** `npm start`: the gRPC server on a free port, and the Next server in front of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const bin = (name) => `node_modules/.bin/${name}`;
const grpc = spawn(bin("tsx"), ["weather/server.ts", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
const [first] = await once(createInterface({ input: grpc.stdout }), "line");
console.log(first);

const GRPC_TARGET = first.replace(/.* on /, "http://");
const port = process.env.PORT ?? "3000";
const next = spawn(bin("next"), ["start", "--hostname", "127.0.0.1", "--port", port], {
  stdio: "inherit",
  env: { ...process.env, GRPC_TARGET },
});
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => next.kill(signal));
await once(next, "exit");
grpc.kill();
