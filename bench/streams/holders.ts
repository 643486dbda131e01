import { goPeer } from "../build/paths.js";
import { genStubs } from "./gen-stubs.js";
import { grpcJs } from "./grpc-js.js";
import type { Holder } from "./holder.js";

/** The holders that Node runs. */
export const holders: Readonly<Record<string, Holder>> = { "grpc-js": grpcJs, "gen-stubs": genStubs };

/** Programs of other toolchains that take the same orders. */
export const nativeHolders: Readonly<Record<string, readonly string[]>> = { "grpc-go": [goPeer, "streams"] };
