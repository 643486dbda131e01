import { tsProtoMessages } from "./codecs.js";
import { fetchConnect, fetchGrpcWeb } from "./fetch.js";
import { fleet } from "./fleet.js";
import { grpcJs } from "./grpc-js.js";
import type { Transport } from "./harness.js";
import { grpcJsToHttp2, http2, http2ToGrpcJs, inMemory, retried } from "./http2.js";
import { http2ToNodeHandler } from "./node-handler.js";
import { relayed } from "./relayed.js";
import { created, proxied } from "./tunnelled.js";
import { webSocket } from "./web-socket.js";

/** `npm run contract:relay`: the seed of a relay between client and server, instead of all the transports. */
const seed = process.env["GEN_STUBS_CONTRACT_RELAY"];

/** `npm run contract:proxy`: through an HTTP proxy, and over a stream that is no socket. */
const tunnelled = process.env["GEN_STUBS_CONTRACT_PROXY"] === "1";

const usual = [
  http2,
  inMemory,
  grpcJs,
  http2ToGrpcJs,
  grpcJsToHttp2,
  http2ToNodeHandler,
  fleet,
  retried,
  fetchConnect,
  fetchGrpcWeb,
  webSocket,
];

/** `npm run contract:ts-proto`: each way that messages are written and read; what carries the frames knows nothing of them. */
const withTsProto = [http2, inMemory, grpcJs, fetchGrpcWeb];

/** Every transport the contract is tested over. */
export const transports: readonly Transport[] =
  seed !== undefined ? [relayed(Number(seed))] : tunnelled ? [proxied, created] : tsProtoMessages ? withTsProto : usual;
