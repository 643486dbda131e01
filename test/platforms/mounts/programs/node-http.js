import { createServer } from "node:http";
import { nodeHandler } from "gen-stubs-runtime/web-server";
import { prefix, server, serving } from "./served.js";

const web = createServer(nodeHandler(server, { prefix }));
// A client that is slow on a busy machine would meet the end of a connection of Node's 5 s.
web.keepAliveTimeout = 60_000;
web.listen(0, "127.0.0.1", () => serving(web.address().port));
