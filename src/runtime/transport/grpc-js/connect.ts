import { type ConnectionOptions, createSecureContext } from "node:tls";
import { type ChannelCredentials, type ClientOptions, credentials } from "@grpc/grpc-js";
import type { Target } from "../target.js";
import type { Channel } from "../transport.js";
import { GrpcJsChannel } from "./channel.js";
import { OwnClients } from "./clients.js";

/** A channel of ours over grpc-js. */
export function openGrpcJs(target: string, creds: ChannelCredentials, options: ClientOptions): Channel {
  return new GrpcJsChannel(new OwnClients(target, creds, options));
}

/** As {@link openGrpcJs}, for a target and TLS options as `connect` takes them. */
export function connectGrpcJs(target: Target, tls: ConnectionOptions | undefined): Channel {
  if (!target.tls) return openGrpcJs(address(target), credentials.createInsecure(), {});
  const { rejectUnauthorized, checkServerIdentity, servername } = tls ?? {};
  const creds = credentials.createFromSecureContext(createSecureContext(tls), {
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
    ...(checkServerIdentity === undefined ? {} : { checkServerIdentity }),
  });
  return openGrpcJs(
    address(target),
    creds,
    servername === undefined ? {} : { "grpc.ssl_target_name_override": servername },
  );
}

function address(target: Target): string {
  switch (target.kind) {
    case "tcp":
      return target.host.includes(":") ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
    case "unix":
      return `unix:${target.path}`;
    case "name":
      return target.name;
  }
}
