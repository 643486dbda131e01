import { printable } from "../text/printable.js";

/** Where in the user's input something is wrong. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

/** The stable names of what can be wrong with the input. */
export type GenerateErrorCode =
  | "malformed-request"
  | "request-too-large"
  | "unknown-option"
  | "bad-option-value"
  | "missing-file"
  | "unsupported-edition"
  | "unsafe-output-path"
  | "clashing-output-path"
  | "bad-name"
  | "unknown-type"
  | "nested-too-deep"
  | "unusable-message-name"
  | "not-implemented";

/** A fault in what the user gave us: options, schema or request. Anything else that is thrown is a bug of ours. */
export class GenerateError extends Error {
  override readonly name: string = "GenerateError";
  readonly code: GenerateErrorCode;
  readonly place: Place | undefined;

  constructor(code: GenerateErrorCode, message: string, place?: Place) {
    super(message);
    this.code = code;
    this.place = place;
  }

  /** For protoc, which prints it: `path/to/file.proto:12:3: what is wrong and what to do [code]`, in one line. */
  override toString(): string {
    return printable(`${this.place === undefined ? "" : `${formatPlace(this.place)}: `}${this.message} [${this.code}]`);
  }
}

function formatPlace({ file, line, column }: Place): string {
  return line === undefined ? file : `${file}:${line}:${column ?? 1}`;
}
