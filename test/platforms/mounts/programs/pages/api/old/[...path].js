import { nodeHandler } from "gen-stubs-runtime/web-server";
import { server } from "../../../served.js";

// The body is the handler's, and so is the end of the answer.
export const config = { api: { bodyParser: false, externalResolver: true, responseLimit: false } };
export default nodeHandler(server, { prefix: "/api/old" });
