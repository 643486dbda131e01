import { isInstance } from "./brand.js";
import {
  DETAILS_KEY,
  type DetailOf,
  type DetailSchema,
  type ErrorDetail,
  encodeDetails,
  findDetails,
} from "./error-details.js";
import { type ForeignMetadata, Metadata } from "./metadata.js";
import { isStatusCode, status } from "./status.js";
import * as Code from "./status-code.js";

/** How a call ended: a code from 0 to 16, a text for people, and the trailers. Same shape as grpc-js's StatusObject. */
export interface StatusObject {
  /** 0 (OK) to 16. */
  readonly code: status;
  /** A text for people; empty where there is none. It may come from the peer, and contain control characters. */
  readonly details: string;
  /** The trailers. */
  readonly metadata: Metadata;
}

/** Options of an {@link RpcError}. */
export interface RpcErrorOptions {
  /** Sent and received as trailers; grpc-js's Metadata is taken too. */
  readonly metadata?: Metadata | ForeignMetadata | undefined;
  /** The error that led to this one. It is never sent to the peer. */
  readonly cause?: unknown;
  /**
   * Typed details, each a message type of protobuf-es and some of its fields, as `[BadRequestSchema, { fieldViolations }]`.
   * Sent in the trailer `grpc-status-details-bin` as a `google.rpc.Status`.
   */
  readonly details?: readonly ErrorDetail[] | undefined;
  /** The path of the call it ended, `/package.Service/Method`. */
  readonly method?: string | undefined;
  /** `address:port` of the other side. */
  readonly peer?: string | undefined;
}

/** Tells an RpcError of any copy of this package. */
const BRAND = Symbol.for("gen-stubs-runtime.RpcError");

/**
 * The one error of a call, on both sides. `code` is always 1 to 16; `details` is the text alone, as it is sent. `message`
 * puts the code's name first, and names the call and the peer where they are known:
 * `[NOT_FOUND] no such report (/reports.v1.Reports/Get, 10.0.0.7:50051)`. Text of a peer may contain any
 * character, control characters too: escape it before writing it to a log or a terminal, as `logging` does.
 */
export class RpcError extends Error implements StatusObject {
  /** "RpcError". */
  override readonly name: string = "RpcError";
  /** Why the call failed. Never `status.OK`. */
  readonly code: status;
  /**
   * The status's text without code, method and peer. Where it comes from the peer it may contain control characters: see {@link
   * RpcError} on logs.
   */
  readonly details: string;
  /** The trailers of the call, or the metadata that a handler's error is to be sent with. */
  readonly metadata: Metadata;
  /** The path of the call that it ended; undefined for an error that is not of a call yet. */
  readonly method: string | undefined;
  /** `address:port` of the other side, where there was a connection. */
  readonly peer: string | undefined;

  /** @param code 1 to 16; any other number, as a peer may have sent it, is UNKNOWN to whoever receives the error. */
  constructor(code: number, details = "", options: RpcErrorOptions = {}) {
    const { metadata, method, peer, details: typed } = options;
    super(
      `[${isStatusCode(code) ? status[code] : code}] ${details}${place(method, peer)}`,
      "cause" in options ? { cause: options.cause } : undefined,
    );
    this.code = code as status; // checked where it is sent
    this.details = details;
    this.metadata = metadata === undefined ? new Metadata() : Metadata.from(metadata);
    if (typed !== undefined) this.metadata.set(DETAILS_KEY, encodeDetails(code, details, typed));
    this.method = method;
    this.peer = peer;
  }

  /** The details of this type that the error carries, decoded: none, one or several. */
  findDetails<Schema extends DetailSchema>(schema: Schema): DetailOf<Schema>[] {
    return findDetails(this.metadata, schema) as DetailOf<Schema>[]; // the codec makes messages of the schema's type
  }

  /** `error instanceof RpcError` holds for those of another copy of this package too (for example ESM beside CommonJS). */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: for a subclass it is that class that is asked.
    return isInstance(this, RpcError, BRAND, value);
  }

  /** The error of a status that is not OK. */
  static fromStatus(
    { code, details, metadata }: StatusObject,
    options: Omit<RpcErrorOptions, "metadata"> = {},
  ): RpcError {
    return new RpcError(code, details, { ...options, metadata });
  }
}

Object.defineProperty(RpcError.prototype, BRAND, { value: true });

function place(method: string | undefined, peer: string | undefined): string {
  if (method === undefined) return "";
  return peer === undefined || peer === "unknown" ? ` (${method})` : ` (${method}, ${peer})`;
}

/** The status with a code from 0 to 16: any other is UNKNOWN, as the gRPC specification asks (P11). */
export function normalStatus(given: StatusObject): StatusObject {
  if (isStatusCode(given.code)) return given;
  const details = given.details === "" ? `the peer sent the unknown status ${String(given.code)}` : given.details;
  return { code: Code.UNKNOWN, details, metadata: given.metadata };
}

/** A status without metadata. */
export function statusObject(code: status, details: string): StatusObject {
  return { code, details, metadata: new Metadata() };
}

/** The text of whatever was thrown; never throws. */
export function messageOf(cause: unknown): string {
  try {
    return cause instanceof Error ? cause.message : String(cause);
  } catch {
    return "something that has no text was thrown";
  }
}
