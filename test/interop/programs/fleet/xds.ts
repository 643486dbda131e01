import { credentials } from "@grpc/grpc-js";
import { register } from "@grpc/grpc-js-xds";
import type { Channel } from "gen-stubs-runtime";
import { grpcJsChannel } from "gen-stubs-runtime/grpc-js";

/** Once for the process; grpc-js itself knows no xds: targets. */
register();

/** A channel whose servers a control plane names: `xds:///fleet`. */
export function openXds(target: string): Channel {
  return grpcJsChannel(target, credentials.createInsecure());
}
