import { serve } from "@hono/node-server";
import { app } from "./hono-app.js";
import { serving } from "./served.js";

const web = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => serving(port));
// As in node-http.js.
web.keepAliveTimeout = 60_000;
