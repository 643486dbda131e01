import type { Target } from "../../target.js";

/** A target that names one address; names for resolvers are grpc-js's business. */
export type SocketTarget = Exclude<Target, { readonly kind: "name" }>;

/** What `:authority` says; "localhost" for a socket in the file system, as other gRPC clients have it. */
export function authorityOf(target: SocketTarget): string {
  if (target.kind === "unix") return "localhost";
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return `${host}:${target.port}`;
}

/** For error texts. */
export function nameOf(target: SocketTarget): string {
  return target.kind === "unix" ? `unix:${target.path}` : authorityOf(target);
}
