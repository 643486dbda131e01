import { genStubs } from "./gen-stubs.js";
import { grpcJs } from "./grpc-js.js";
import type { Holder } from "./holder.js";

export const holders: Readonly<Record<string, Holder>> = { "grpc-js": grpcJs, "gen-stubs": genStubs };
