import { expect, test } from "vitest";
import { memoryFlags, usualInput } from "../../src/messages/memory-flags.js";

const megabyte = 1 << 20;

test.each([
  [0, 1024],
  [usualInput, 1024],
  [usualInput + 1, 1025],
  [40 * megabyte, 2560],
])("an input of %i bytes: %i MB", (input, limit) => {
  expect(memoryFlags(input, "")).toEqual(["--max-semi-space-size=2", `--max-old-space-size=${limit}`]);
});

test.each(["--max-old-space-size=8192", "--enable-source-maps --max_old_space_size 8192"])(
  "a limit that the user has chosen is kept: NODE_OPTIONS=%j",
  (options) => {
    expect(memoryFlags(0, options)).toEqual(["--max-semi-space-size=2"]);
  },
);
