import * as protobuf from "@bufbuild/protobuf";
import { create, type DescMessage, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import { initOf } from "./support/arbitrary.js";
import { compileSchemas, messagesOf } from "./support/schemas.js";
import { encoded } from "./support/sink.js";

// The codec falls back to these where it meets the unusual. Here they are watched.
vi.mock("@bufbuild/protobuf", { spy: true });

/** Types that are left to protobuf-es: the reason is in `compile`. */
const leftToProtobufEs = ["codec.proto3.Odd"];

function nothingLeft(desc: DescMessage): void {
  fc.assert(
    fc.property(initOf(desc, 2, false), (init) => {
      let bytes: Uint8Array;
      try {
        bytes = toBinary(desc, create(desc, init));
      } catch {
        // A required field was not set.
        return;
      }
      vi.mocked(protobuf.toBinary).mockClear();
      vi.mocked(protobuf.fromBinary).mockClear();
      encoded(es(desc), init);
      es(desc).decode(bytes);
      expect(protobuf.toBinary).not.toHaveBeenCalled();
      expect(protobuf.fromBinary).not.toHaveBeenCalled();
    }),
    { numRuns: 10, endOnFailure: true },
  );
}

describe("regular messages are never left to protobuf-es", { timeout: 60_000 }, () => {
  const schemas = messagesOf(compileSchemas()).filter((desc) => /^codec\.|TestAll/.test(desc.typeName));
  for (const desc of schemas) {
    if (leftToProtobufEs.includes(desc.typeName)) test.fails(desc.typeName, () => nothingLeft(desc));
    else test(desc.typeName, () => nothingLeft(desc));
  }
});
