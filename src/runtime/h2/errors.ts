import type * as ErrorCode from "./error-code.js";

/** By code. */
const NAMES: readonly (keyof typeof ErrorCode)[] = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
];

/** The name of an error code; a code that RFC 9113 does not know is named by its number. */
export function errorCodeName(code: number): string {
  return NAMES[code] ?? `error code 0x${code.toString(16)}`;
}

/** Why a connection is over. `message` starts with the code's name, and says which side found fault. */
export class ConnectionError extends Error {
  /** An `ErrorCode`, as sent or received in a GOAWAY. */
  readonly code: number;
  /**
   * Who ended the connection: `local` found a fault of the peer's or was told to close it, `remote` sent a GOAWAY with an error,
   * `transport` is the byte stream under it that broke or ended.
   */
  readonly origin: "local" | "remote" | "transport";

  constructor(code: number, message: string, origin: "local" | "remote" | "transport", options?: ErrorOptions) {
    super(message, options);
    this.name = "ConnectionError";
    this.code = code;
    this.origin = origin;
  }
}

/** The peer broke a rule of the connection's, which ends it. */
export function peerFault(code: number, text: string): ConnectionError {
  return new ConnectionError(code, text, "local");
}
