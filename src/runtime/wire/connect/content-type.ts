/** How messages are written: protobuf's bytes, or its JSON. */
export type MessageFormat = "proto" | "json";

/** What a content type says of a Connect request or answer. */
export interface ConnectContent {
  readonly format: MessageFormat;
  /** Enveloped messages, many of them; without it, the body is one message. */
  readonly streaming: boolean;
}

/** Reads `application/proto`, `application/json`, `application/connect+proto` and `application/connect+json`; undefined for all others. */
export function parseConnectContentType(value: string | undefined): ConnectContent | undefined {
  const match = /^application\/(connect\+)?(proto|json)\s*(?:;.*)?$/i.exec(value ?? "");
  if (match === null) return undefined;
  return { format: match[2]!.toLowerCase() as MessageFormat, streaming: match[1] !== undefined }; // the pattern has these two
}

export function connectContentType({ format, streaming }: ConnectContent): string {
  return `application/${streaming ? "connect+" : ""}${format}`;
}
