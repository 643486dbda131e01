/** A Worker: bundled by esbuild, run by workerd. */
import { fetchHandler } from "gen-stubs-runtime/web-server";
import { prefix, server } from "./served.js";

const handler = fetchHandler(server, { prefix });
export default { fetch: (request) => handler(request) };
