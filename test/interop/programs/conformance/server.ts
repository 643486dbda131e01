// The conformance suite's server on our runtime: server.js TRANSPORT, its orders on stdin; with the doors for the web where TRANSPORT is "web"
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  ServerCompatRequestSchema,
  ServerCompatResponseSchema,
} from "../../gen/connectrpc/conformance/v1/server_compat_pb.js";
import { ConformanceServiceService } from "../../gen/connectrpc/conformance/v1/service_grpc.js";
import { serve, type Transport } from "../transports.js";
import { readDelimited, writeDelimited } from "./delimited.js";
import { ConformanceHandlers } from "./handlers.js";

const first = await readDelimited(process.stdin).next();
if (first.done === true) throw new Error("no request on stdin");
const request = fromBinary(ServerCompatRequestSchema, first.value);
const { cert, key } = request.serverCreds ?? { cert: new Uint8Array(), key: new Uint8Array() };
const clientCa = request.clientTlsCert.length > 0 ? { ca: Buffer.from(request.clientTlsCert) } : {};

const web = process.argv[2] === "web";
const { port } = await serve(
  web ? "http2" : (process.argv[2] as Transport), // the run passes one of the two, or "web"
  (add) => add(ConformanceServiceService, new ConformanceHandlers()),
  {
    tls: request.useTls ? { cert: Buffer.from(cert), key: Buffer.from(key), ...clientCa } : undefined,
    web,
    maxReceiveBytes: request.messageReceiveLimit > 0 ? request.messageReceiveLimit : undefined,
  },
);
const response = create(ServerCompatResponseSchema, {
  host: "127.0.0.1",
  port,
  pemCert: request.useTls ? cert : new Uint8Array(),
});
writeDelimited(toBinary(ServerCompatResponseSchema, response));
process.once("SIGTERM", () => process.exit(0));
