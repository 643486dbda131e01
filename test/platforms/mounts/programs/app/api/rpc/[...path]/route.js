import { fetchHandler } from "gen-stubs-runtime/web-server";
import { server } from "../../../../served.js";

export const dynamic = "force-dynamic";
const handler = fetchHandler(server, { prefix: "/api/rpc" });

export { handler as GET, handler as OPTIONS, handler as POST };
