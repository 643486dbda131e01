import { readFileSync } from "node:fs";
import { credentials, Server as GrpcJsServer, ServerCredentials } from "@grpc/grpc-js";
import { type Channel, connect, http2Transport, Server, type Service } from "gen-stubs-runtime";
import { addToGrpcJs, grpcJsChannel } from "gen-stubs-runtime/grpc-js";
import { fetchChannel } from "gen-stubs-runtime/web";
import { webDoors } from "gen-stubs-runtime/web-server";
import { webSocketChannel } from "gen-stubs-runtime/web-socket";
import { WebSocket } from "ws";

/** Which transport carries the calls. Everything else of a program is the same over both. */
export type Transport = "http2" | "grpc-js";

/** What carries the calls of a client alone, too. */
export type Carrier = Transport | "fetch" | "fetch-connect" | "web-socket";

export interface Tls {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
}

export interface ServeOptions {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: Tls | undefined;
  readonly maxReceiveBytes?: number | undefined;
  /** Compresses answers, for clients that take it. Over http2 only. */
  readonly gzip?: boolean | undefined;
  /** With doors for the web: gRPC-Web and Connect on the same port. Over http2 only. */
  readonly web?: boolean | undefined;
  /** How long `stop` lets calls finish that are open. Default 0. */
  readonly graceMs?: number | undefined;
}

export interface Serving {
  readonly port: number;
  stop(): Promise<void>;
}

/** Puts services on a server, whichever it is. */
export type Add = <Handlers extends object>(service: Service<Handlers>, handlers: Handlers) => void;

export async function serve(
  transport: Transport,
  register: (add: Add) => void,
  options: ServeOptions = {},
): Promise<Serving> {
  const address = `${options.host ?? "127.0.0.1"}:${options.port ?? 0}`;
  const { tls } = options;
  if (transport === "http2") {
    const server = new Server({
      transport: http2Transport({ ...limits(options), ...(options.gzip === true ? { compression: "gzip" } : {}) }),
    });
    register((service, handlers) => void server.add(service, handlers));
    const { port } = await server.listen(address, {
      ...(tls ? { tls: { ...tls, requestCert: tls.ca !== undefined } } : {}),
      ...(options.web === true ? { web: webDoors() } : {}),
    });
    return { port, stop: () => server.shutdown({ graceMs: options.graceMs }) };
  }
  const limit = options.maxReceiveBytes;
  const server = new GrpcJsServer(limit === undefined ? {} : { "grpc.max_receive_message_length": limit });
  register((service, handlers) => addToGrpcJs(server, service, handlers));
  const serverCredentials = tls
    ? ServerCredentials.createSsl(
        tls.ca ?? null,
        [{ cert_chain: tls.cert, private_key: tls.key }],
        tls.ca !== undefined,
      )
    : ServerCredentials.createInsecure();
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync(address, serverCredentials, (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  const stop = async (): Promise<void> => {
    if (options.graceMs === undefined) return server.forceShutdown();
    const timer = setTimeout(() => server.forceShutdown(), options.graceMs);
    await new Promise((resolve) => server.tryShutdown(resolve));
    clearTimeout(timer);
  };
  return { port, stop };
}

export interface ClientTls {
  readonly ca: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  /** The name the certificate is checked against, where the target is an address. */
  readonly serverName?: string;
}

export interface OpenOptions {
  readonly tls?: ClientTls | undefined;
  /** grpc-js compresses by channel, not by call. */
  readonly gzip?: boolean | undefined;
  readonly maxReceiveBytes?: number | undefined;
}

/** A channel to `host:port`. Over fetch: gRPC-Web or Connect, in plain text. Over WebSockets: to a relay. */
export function open(transport: Carrier, target: string, options: OpenOptions = {}): Channel {
  const { tls } = options;
  if (transport === "fetch") return fetchChannel(`http://${target}`, { protocol: "grpc-web" });
  if (transport === "fetch-connect") return fetchChannel(`http://${target}`, { protocol: "connect" });
  if (transport === "web-socket") return webSocketChannel(`ws://${target}/grpc/peer`, { webSocket: WebSocket });
  if (transport === "http2") {
    const { serverName, ...files } = tls ?? {};
    return connect(`${tls ? "https" : "http"}://${target}`, {
      ...(tls ? { tls: { ...files, ...(serverName === undefined ? {} : { servername: serverName }) } } : {}),
      ...limits(options),
    });
  }
  const limit = options.maxReceiveBytes;
  return grpcJsChannel(
    target,
    tls ? credentials.createSsl(tls.ca, tls.key ?? null, tls.cert ?? null) : credentials.createInsecure(),
    {
      ...(limit === undefined ? {} : { "grpc.max_receive_message_length": limit }),
      ...(options.gzip === true ? { "grpc.default_compression_algorithm": 2 } : {}),
      ...(tls?.serverName === undefined
        ? {}
        : { "grpc.ssl_target_name_override": tls.serverName, "grpc.default_authority": tls.serverName }),
    },
  );
}

export function readTls(cert: string, key: string): Tls {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

function limits({ maxReceiveBytes }: { readonly maxReceiveBytes?: number | undefined }) {
  return maxReceiveBytes === undefined ? {} : { maxReceiveMessageBytes: maxReceiveBytes };
}
