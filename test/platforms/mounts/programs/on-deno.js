import { fetchHandler } from "gen-stubs-runtime/web-server";
import { prefix, server, serving } from "./served.js";

const handler = fetchHandler(server, { prefix });
Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => serving(port) }, (request) => handler(request));
