import { join } from "node:path";

/** The checkout, seen from bench/dist/build. (The copy in .cache/bench/baseline loads this file too, and uses none of it.) */
export const root: string = join(import.meta.dirname, "..", "..", "..");
/** What the bench builds beside its own dist; git ignores it. */
export const cache: string = join(root, ".cache", "bench");
export const bin: string = join(cache, "bin");
export const goPeer: string = join(bin, "bench-go");
export const cargoTarget: string = join(root, ".cache", "cargo");
/** The bench's programs beside an older runtime. */
export const baselineFolder: string = join(cache, "baseline");
