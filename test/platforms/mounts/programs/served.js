/** The services that every mount has, and how it says where they are. */
import { Server } from "gen-stubs-runtime";
import { KindsService } from "./gen/kinds_grpc.js";
import { handlers } from "./handlers.js";

export const server = new Server().add(KindsService, handlers);
export const prefix = "/api";

/** Says where, and ends with whoever started it: on a machine that is busy nothing is left behind. */
export function serving(port, scheme = "http") {
  console.log(`${scheme}://localhost:${port}${prefix}`);
}
