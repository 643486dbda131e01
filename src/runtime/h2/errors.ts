/** Why a stream or a connection ended (RFC 9113, section 7: https://www.rfc-editor.org/rfc/rfc9113#section-7). */
export const ErrorCode = {
  NO_ERROR: 0x0,
  PROTOCOL_ERROR: 0x1,
  INTERNAL_ERROR: 0x2,
  FLOW_CONTROL_ERROR: 0x3,
  SETTINGS_TIMEOUT: 0x4,
  STREAM_CLOSED: 0x5,
  FRAME_SIZE_ERROR: 0x6,
  REFUSED_STREAM: 0x7,
  CANCEL: 0x8,
  COMPRESSION_ERROR: 0x9,
  CONNECT_ERROR: 0xa,
  ENHANCE_YOUR_CALM: 0xb,
  INADEQUATE_SECURITY: 0xc,
  HTTP_1_1_REQUIRED: 0xd,
} as const;

const NAMES: readonly string[] = Object.keys(ErrorCode);

/** The name of an error code; a code that RFC 9113 does not know is named by its number. */
export function errorCodeName(code: number): string {
  return NAMES[code] ?? `error code 0x${code.toString(16)}`;
}

/** Why a connection is over. `message` starts with the code's name, and says which side found fault. */
export class ConnectionError extends Error {
  /** {@link ErrorCode}, as sent or received in a GOAWAY. */
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
