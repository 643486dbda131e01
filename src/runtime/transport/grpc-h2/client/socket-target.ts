import { hostPort } from "../../../core/host-port.js";
import type { Target } from "../../target.js";

/** A target that names one address. Names that need a resolver go to grpc-js. */
export type SocketTarget = Exclude<Target, { readonly kind: "name" }>;

/** What `:authority` says; "localhost" for a socket in the file system, as other gRPC clients have it. */
export function authorityOf(target: SocketTarget): string {
  return target.kind === "unix" ? "localhost" : hostPort(target.host, target.port);
}

/** For error texts. */
export function nameOf(target: SocketTarget): string {
  return target.kind === "unix" ? `unix:${target.path}` : authorityOf(target);
}
