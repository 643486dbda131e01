import type { ServerDuplexStream, ServerReadableStream, ServerUnaryCall, ServerWritableStream } from "@grpc/grpc-js";

/** grpc-js's four call objects on the server, by what is asked of them here. */
export type ReadableCall = ServerReadableStream<unknown, Buffer> | ServerDuplexStream<unknown, Buffer>;
export type WritableCall = ServerWritableStream<unknown, Buffer> | ServerDuplexStream<unknown, Buffer>;

/** What all four have. */
export interface SurfaceCall
  extends Pick<ServerUnaryCall<unknown, Buffer>, "metadata" | "getPeer" | "getDeadline" | "sendMetadata"> {
  on(event: "cancelled", listener: () => void): unknown;
}

/**
 * Stands for a message that could not be decoded. grpc-js would end the call by itself, and the handler would hear of a
 * cancel instead of the reason.
 */
export class DecodeFailure {
  readonly message: string;

  constructor(cause: unknown) {
    this.message = cause instanceof Error ? cause.message : String(cause);
  }
}
