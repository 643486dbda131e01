import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { nodeHandler } from "gen-stubs-runtime/web-server";
import { prefix, server, serving } from "./served.js";

const tls = { cert: readFileSync("cert.pem"), key: readFileSync("key.pem") };
const web = createServer(tls, nodeHandler(server, { prefix }));
// As in node-http.js.
web.keepAliveTimeout = 60_000;
web.listen(0, "127.0.0.1", () => serving(web.address().port, "https"));
