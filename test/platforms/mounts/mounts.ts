/** A way to have a server's services behind an HTTP server that is not ours. */
export interface Mount {
  /** As the table calls it. */
  readonly name: string;
  /** What stands between: `nodeHandler` or `fetchHandler`. */
  readonly handler: "nodeHandler" | "fetchHandler";
  /** Node packages beside the runtime. */
  readonly packages?: readonly string[];
  /** A bash script that is run before. */
  readonly build?: string;
  /** What serves, as a bash script; `$RUN` runs a file on the mount's runtime. */
  readonly serve: string;
  /** A runtime of `test/runtimes`. Default: the Node that runs the tests. */
  readonly runtime?: "Bun" | "Deno";
  /** What it prints when it listens: the URL, or the port where `path` says the rest. Default: the URL in a line. */
  readonly listens?: RegExp;
  /** Where the services are, where the program does not say it. */
  readonly path?: string;
  /** Why a handler there cannot say to a later request how a call ended: then only the client's side of it is judged. */
  readonly unheard?: string;
  /** In the short run too. */
  readonly short?: boolean;
}

const next = ["next@16.4.6", "react@19.3.1", "react-dom@19.3.1"];
const nextApp = {
  packages: next,
  build:
    "[ -e .next/BUILD_ID ] || NEXT_TELEMETRY_DISABLED=1 node_modules/.bin/next build > next.log 2>&1 || { cat next.log; exit 1; }",
  serve: "NEXT_TELEMETRY_DISABLED=1 exec node_modules/.bin/next start --hostname 127.0.0.1 --port 0",
  listens: /Local: +(http:\S+)/,
} as const;
const hono = "hono@4.13.19";

/** Cases whose end another request asks for. */
export const askedLater: readonly string[] = ["cancel", "deadlines"];

export const mounts: readonly Mount[] = [
  { name: "node:http", handler: "nodeHandler", serve: "$RUN node-http.js" },
  { name: "node:https", handler: "nodeHandler", serve: "$RUN node-https.js", short: true },
  { name: "Express", handler: "nodeHandler", packages: ["express@5.3.0"], serve: "$RUN on-express.js", short: true },
  { name: "Fastify", handler: "nodeHandler", packages: ["fastify@5.12.8"], serve: "$RUN on-fastify.js", short: true },
  { name: "Next, pages", handler: "nodeHandler", ...nextApp, path: "/api/old" },
  { name: "Next, a route handler", handler: "fetchHandler", ...nextApp, path: "/api/rpc" },
  {
    name: "Hono on Node",
    handler: "fetchHandler",
    packages: [hono, "@hono/node-server@2.1.9"],
    serve: "$RUN hono-node.js",
    short: true,
  },
  { name: "Hono on Bun", handler: "fetchHandler", packages: [hono], serve: "$RUN hono-bun.js", runtime: "Bun" },
  { name: "Hono on Deno", handler: "fetchHandler", packages: [hono], serve: "$RUN hono-deno.js", runtime: "Deno" },
  { name: "Bun.serve", handler: "fetchHandler", serve: "$RUN on-bun.js", runtime: "Bun", short: true },
  { name: "Deno.serve", handler: "fetchHandler", serve: "$RUN on-deno.js", runtime: "Deno", short: true },
  {
    name: "Workers (workerd, by miniflare)",
    handler: "fetchHandler",
    packages: ["miniflare@4.20260426.0", "esbuild@0.28.2"],
    build:
      "node_modules/.bin/esbuild worker.js --bundle --format=esm --platform=node --conditions=workerd --outfile=out/worker.mjs --log-level=error",
    serve: "$RUN on-workerd.js",
    unheard: "a request's work ends with it, and none may wait for another's",
    short: true,
  },
];
