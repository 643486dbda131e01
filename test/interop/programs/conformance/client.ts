// The conformance suite's client on our runtime: client.js TRANSPORT, test cases on stdin
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type ClientCompatRequest,
  ClientCompatRequestSchema,
  ClientCompatResponseSchema,
} from "../../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { Compression } from "../../gen/connectrpc/conformance/v1/config_pb.js";
import { type ClientTls, open, type Transport } from "../transports.js";
import { readDelimited, writeDelimited } from "./delimited.js";
import { invoke } from "./invoke.js";

// The run passes one of the two.
const transport = process.argv[2] as Transport;
const running: Promise<void>[] = [];
for await (const bytes of readDelimited(process.stdin))
  running.push(answer(fromBinary(ClientCompatRequestSchema, bytes)));
await Promise.all(running);

async function answer(request: ClientCompatRequest): Promise<void> {
  const response = create(ClientCompatResponseSchema, { testName: request.testName });
  try {
    const channel = open(transport, `${request.host}:${request.port}`, {
      tls: tlsOf(request),
      gzip: request.compression === Compression.GZIP,
      maxReceiveBytes: request.messageReceiveLimit > 0 ? request.messageReceiveLimit : undefined,
    });
    response.result = { case: "response", value: await invoke(channel, request) };
    await channel.close();
  } catch (error) {
    response.result = {
      case: "error",
      value: { $typeName: "connectrpc.conformance.v1.ClientErrorResult", message: String(error) },
    };
  }
  writeDelimited(toBinary(ClientCompatResponseSchema, response));
}

function tlsOf({ serverTlsCert, clientTlsCreds }: ClientCompatRequest): ClientTls | undefined {
  if (serverTlsCert.length === 0) return undefined;
  const ca = Buffer.from(serverTlsCert);
  if (clientTlsCreds === undefined) return { ca };
  return { ca, cert: Buffer.from(clientTlsCreds.cert), key: Buffer.from(clientTlsCreds.key) };
}
