import type { Http2ServerOptions } from "../transport/grpc-h2/index.js";

/** What Nest's `Transport.GRPC` takes beside its .proto files, and what means the same here. Others throw, and say what to give. */
export interface NestLimits {
  /** `app.close()` waits for open calls, however long they take. Default false. */
  readonly gracefulShutdown?: boolean | undefined;
  /** Bytes. Default 4 MiB. -1: no limit. */
  readonly maxReceiveMessageLength?: number | undefined;
  /** Bytes. Default: no limit. */
  readonly maxSendMessageLength?: number | undefined;
  /** Nest's words for pings: see the fields. Default: those of `http2Transport`. */
  readonly keepalive?:
    | { readonly keepaliveTimeMs?: number | undefined; readonly keepaliveTimeoutMs?: number | undefined }
    | undefined;
}

/** How Nest's `Transport.GRPC` is told of its .proto files. */
export interface NestGrpcOptions {
  /** The packages whose services are served. */
  readonly package: string | string[];
  /** The .proto files, for messages as Nest's own gRPC transport has them. Default: the services' own messages. */
  readonly protoPath?: string | string[] | undefined;
  /** What `@grpc/proto-loader` loaded, instead of `protoPath`. */
  readonly packageDefinition?: object | undefined;
  /** Another module than `@grpc/proto-loader`. */
  readonly protoLoader?: string | undefined;
  /** Options of `@grpc/proto-loader`. */
  readonly loader?: object | undefined;
}

/** Why an option of Nest's is refused, by its name. */
const REFUSED: Readonly<Record<string, string>> = {
  credentials: "give `tls: { cert, key }`, Node's own TLS options",
  channelOptions: "give `server: { transport: http2Transport({ … }) }`, which has names of its own",
  maxMetadataSize: "give `server: { transport: http2Transport({ … }) }`, which has limits of its own",
  onLoadPackageDefinition: "give `configure`, which gets the server, and `gen-stubs-runtime/reflection`",
};

/** @throws TypeError for an option of Nest's transport that would be without effect, with what to give instead */
export function refuseForeign(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const instead = REFUSED[name];
    if (value !== undefined && instead !== undefined)
      throw new TypeError(`GrpcStrategy takes no option "${name}": ${instead}`);
  }
}

/** The limits and the keepalive of Nest's options, as those of our transport. Undefined where none was given. */
export function transportOptions(options: NestLimits): Http2ServerOptions | undefined {
  const { maxReceiveMessageLength, maxSendMessageLength, keepalive = {} } = options;
  const known = { keepaliveTimeMs: true, keepaliveTimeoutMs: true };
  for (const name of Object.keys(keepalive)) {
    if (!(name in known))
      throw new TypeError(`GrpcStrategy: keepalive takes keepaliveTimeMs and keepaliveTimeoutMs, not "${name}"`);
  }
  const given = {
    maxReceiveMessageBytes: unlimited(maxReceiveMessageLength),
    maxSendMessageBytes: unlimited(maxSendMessageLength),
    ...keepalive,
  };
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

function unlimited(bytes: number | undefined): number | undefined {
  return bytes === -1 ? Number.POSITIVE_INFINITY : bytes;
}
