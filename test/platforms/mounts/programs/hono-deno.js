import { app } from "./hono-app.js";
import { serving } from "./served.js";

Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => serving(port) }, app.fetch);
