import { exitCodes } from "./exit-codes.js";
import { type FaultCode, registry } from "./registry.js";

/** One thing that is wrong: what, where, and what to do. */
export interface Fault {
  /** `GS1002` and the like; see docs/errors.md. */
  readonly code: FaultCode;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** The file it is about, as the user would name it. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in bytes, a tab reaching to the next multiple of 8: protoc's way of counting. */
  readonly column?: number;
  /** The text of that line. */
  readonly source?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Carries one or more faults to the command line, the only place that prints them. */
export class GenStubsError extends Error {
  /** What is wrong, with codes and places. */
  readonly faults: readonly [Fault, ...Fault[]];

  constructor(first: Fault, ...rest: readonly Fault[]) {
    super([first, ...rest].map(oneLine).join("\n"));
    this.name = "GenStubsError";
    this.faults = [first, ...rest];
  }

  /** The process's exit code: that of the first fault. */
  get exitCode(): number {
    return exitCodes[registry[this.faults[0].code].exit].code;
  }
}

/** `a.proto:3:5: GS2003 Expected ";".`: what a test that fails shows, say. */
function oneLine({ code, message, file, line, column }: Fault): string {
  const where = [file, line, column].filter((part) => part !== undefined).join(":");
  return `${where === "" ? "" : `${where}: `}${code} ${message}`;
}

/** Throws the faults as one error, if there is any. */
export function throwFaults(faults: readonly Fault[]): void {
  const [first, ...rest] = faults;
  if (first !== undefined) throw new GenStubsError(first, ...rest);
}
