import { app } from "./hono-app.js";
import { serving } from "./served.js";

serving(Bun.serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0, idleTimeout: 0 }).port);
