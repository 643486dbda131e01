import { describe, expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import { campaign } from "../fuzz/codec/campaign.js";
import { generatedCodecs } from "../fuzz/codec/generated.js";

// A taste of `npm run fuzz:codec`, other seeds than its own. A seed that found a fault stays here.
describe.each([
  { kind: "the codec without generated code", codecs: () => es },
  { kind: "generated codecs", codecs: generatedCodecs },
])("$kind", ({ codecs }) => {
  test.each([101, 102, 103])("gives what protobuf-es gives, seed %i", { timeout: 60_000 }, (seed) => {
    expect(campaign(codecs, seed, 600).failure).toBeUndefined();
  });
});
