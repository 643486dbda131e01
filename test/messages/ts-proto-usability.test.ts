import { expect, test } from "vitest";
import { parseTsProtoOptions } from "../../src/messages/ts-proto/options.js";
import { usability } from "../../src/messages/ts-proto/usability.js";
import type { SourceFile } from "../../src/model/file-model.js";

const inFile = (...imports: readonly string[]) => ({ imports }) as unknown as SourceFile; // all that is asked of it
const timestamp = "google/protobuf/timestamp.proto";

test.each<[string, string, readonly string[], string]>([
  ["ordinary", "Forecast", [], "yes"],
  ["a word of the language", "function", [], "no"],
  ["what each file declares", "protobufFileName", [], "no"],
  ["a type that options leave out", "Exact", [], "no"],
  ["what fields of some kind use", "Math", [], "perhaps"],
  ["a variable of ts-proto's, which hides the message where it has a field of its own type", "input", [], "perhaps"],
  ["what an import brings, without it", "Timestamp", [], "yes"],
  ["what an import brings", "Timestamp", [timestamp], "no"],
  ["a function that an import needs", "fromTimestamp", [timestamp], "no"],
])("%s: a message called %s, beside %j, compiles: %s", (_what, name, imports, expected) => {
  expect(usability(name, inFile(...imports), parseTsProtoOptions(new Map()))).toBe(expected);
});
