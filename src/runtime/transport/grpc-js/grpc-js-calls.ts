import type { ServerDuplexStream, ServerReadableStream, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";

/** grpc-js's four call objects on the server, by what is asked of them here. */
export type ReadableCall = ServerReadableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;
export type WritableCall = ServerWritableStream<Buffer, Buffer> | ServerDuplexStream<Buffer, Buffer>;

/** What all four have. */
export interface SurfaceCall
  extends Pick<
    ServerUnaryCall<Buffer, Buffer>,
    "metadata" | "getPeer" | "getDeadline" | "getHost" | "getAuthContext" | "sendMetadata"
  > {
  on(event: "cancelled", listener: () => void): unknown;
}
