import { expect, test } from "vitest";
import { es } from "../../src/runtime/codec-es.js";
import { campaign } from "../fuzz/codec/campaign.js";

// A taste of `npm run fuzz:codec`, other seeds than its own. A seed that found a fault stays here.
test.each([101, 102, 103])(
  "random schemas and bytes give what protobuf-es gives, seed %i",
  { timeout: 60_000 },
  (seed) => {
    expect(campaign(es, seed, 600).failure).toBeUndefined();
  },
);
