import type { StubLibrary } from "../stub-library.js";
import { codecFiles } from "./codec/codec-files.js";
import { esCodecFlavour } from "./codec/flavour.js";
import { esFlavour } from "./flavour.js";

/** Messages from protoc-gen-es 2. */
export const es: StubLibrary = {
  name: "es",
  jsonTypes: true,
  mapsImports: true,
  generatesCodecs: true,
  prepare: (_own, codec) => (codec === "generated" ? { flavour: esCodecFlavour, codecFiles } : { flavour: esFlavour }),
};
