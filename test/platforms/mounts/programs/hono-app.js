import { fetchHandler } from "gen-stubs-runtime/web-server";
import { Hono } from "hono";
import { prefix, server } from "./served.js";

const handler = fetchHandler(server, { prefix });
export const app = new Hono().all(`${prefix}/*`, (context) => handler(context.req.raw));
