import { setTimeout as delay } from "node:timers/promises";
import { RpcError, type ServerCall, status } from "gen-stubs-runtime";
import { type TestServiceHandlers, UnimplementedTestService } from "../../gen/grpc/testing/test_grpc.js";
import type { BoolValue, EchoStatus, StreamingOutputCallRequest } from "../../gen/grpc/testing/test_pb.js";

const initial = "x-grpc-test-echo-initial";
const trailing = "x-grpc-test-echo-trailing-bin";

/** What test case custom_metadata asks for: both headers come back where they were sent. */
function echoMetadata(call: ServerCall): void {
  const [header] = call.metadata.get(initial);
  if (header !== undefined) {
    const metadata = call.metadata.clone();
    for (const key of Object.keys(metadata.getMap())) if (key !== initial) metadata.remove(key);
    call.sendHeader(metadata);
  }
  for (const value of call.metadata.get(trailing)) call.trailer.add(trailing, value);
}

function failAsAsked(wanted: EchoStatus | undefined): void {
  if (wanted !== undefined && wanted.code !== 0) throw new RpcError(wanted.code, wanted.message);
}

/** What the probes of the client_compressed cases ask for: a message that says how it must have come, and did not, is refused. */
function checkCompression(expected: BoolValue | undefined, call: ServerCall): void {
  if (expected === undefined || expected.value === call.compressed) return;
  throw new RpcError(status.INVALID_ARGUMENT, `compressed: ${call.compressed}, expected: ${expected.value}`);
}

/** The published TestService. */
export class TestServer extends UnimplementedTestService implements TestServiceHandlers {
  override emptyCall: TestServiceHandlers["emptyCall"] = () => ({});

  override unaryCall: TestServiceHandlers["unaryCall"] = (request, call) => {
    echoMetadata(call);
    checkCompression(request.expectCompressed, call);
    failAsAsked(request.responseStatus);
    return { payload: { body: new Uint8Array(request.responseSize) } };
  };

  override streamingOutputCall: TestServiceHandlers["streamingOutputCall"] = async (request, call) => {
    for await (const payload of responses(request)) await call.send({ payload });
  };

  override streamingInputCall: TestServiceHandlers["streamingInputCall"] = async (call) => {
    let aggregatedPayloadSize = 0;
    for await (const { payload, expectCompressed } of call) {
      checkCompression(expectCompressed, call);
      aggregatedPayloadSize += payload?.body.length ?? 0;
    }
    await call.sendAndClose({ aggregatedPayloadSize });
  };

  override fullDuplexCall: TestServiceHandlers["fullDuplexCall"] = async (call) => {
    echoMetadata(call);
    for await (const request of call) {
      failAsAsked(request.responseStatus);
      for await (const payload of responses(request)) await call.send({ payload });
    }
  };

  override halfDuplexCall: TestServiceHandlers["halfDuplexCall"] = async (call) => {
    const requests: StreamingOutputCallRequest[] = [];
    for await (const request of call) requests.push(request);
    for (const request of requests) for await (const payload of responses(request)) await call.send({ payload });
  };
}

async function* responses(request: StreamingOutputCallRequest) {
  for (const { size, intervalUs } of request.responseParameters) {
    if (intervalUs > 0) await delay(intervalUs / 1000);
    yield { body: new Uint8Array(size) };
  }
}
