import { isDeepStrictEqual } from "node:util";
import { RpcError, type status, status as statusCodes } from "gen-stubs-runtime";

export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected)) throw new Error(`${what}: expected ${show(expected)}, got ${show(got)}`);
}

/** The promise must reject with an RpcError of this code. Returns the error. */
export async function expectCode(code: status, run: Promise<unknown>): Promise<RpcError> {
  try {
    await run;
  } catch (error) {
    if (!(error instanceof RpcError)) throw new Error(`expected an RpcError, got ${String(error)}`);
    expectEqual("code", statusCodes[error.code], statusCodes[code]);
    return error;
  }
  throw new Error(`expected ${statusCodes[code]}, but it succeeded`);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part)) ?? "undefined";
}
