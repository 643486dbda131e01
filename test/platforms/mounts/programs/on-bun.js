import { fetchHandler } from "gen-stubs-runtime/web-server";
import { prefix, server, serving } from "./served.js";

const handler = fetchHandler(server, { prefix });
serving(Bun.serve({ fetch: (request) => handler(request), hostname: "127.0.0.1", port: 0, idleTimeout: 0 }).port);
