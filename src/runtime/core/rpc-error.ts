import { Metadata, status } from "./metadata.js";

/** How a call ended: a code from 0 to 16, a text for people, and the trailers. Same shape as grpc-js's StatusObject. */
export interface StatusObject {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/**
 * The one error of a call, on both sides. `code` is always 1 to 16; `message` puts the code's name first:
 * `[NOT_FOUND] no such report`.
 */
export class RpcError extends Error implements StatusObject {
  override readonly name: string = "RpcError";
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;

  constructor(code: status, details = "", options: { metadata?: Metadata; cause?: unknown } = {}) {
    super(`[${status[code]}] ${details}`, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = details;
    this.metadata = options.metadata ?? new Metadata();
  }

  /** The error of a status that is not OK. */
  static fromStatus(status: StatusObject): RpcError {
    return new RpcError(status.code, status.details, { metadata: status.metadata });
  }
}
