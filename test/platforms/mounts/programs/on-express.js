import express from "express";
import { nodeHandler } from "gen-stubs-runtime/web-server";
import { prefix, server, serving } from "./served.js";

const web = express()
  .use(prefix, nodeHandler(server))
  .use(express.json())
  .listen(0, "127.0.0.1", () => serving(web.address().port));
// As in node-http.js.
web.keepAliveTimeout = 60_000;
