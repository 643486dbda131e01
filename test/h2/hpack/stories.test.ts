import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { HpackDecoder, HpackEncoder } from "../../../src/runtime/h2/hpack/index.js";
import { bytesOf, decodeAll, decoder, encodeAll } from "./support.js";

/** Headers of real sites, encoded by others: a part of https://github.com/http2jp/hpack-test-case. */
const folder = fileURLToPath(new URL("../../../../shared/corpora/hpack/", import.meta.url));

interface Case {
  readonly wire: string;
  readonly headers: readonly Readonly<Record<string, string>>[];
  /** What our SETTINGS_HEADER_TABLE_SIZE was by then. */
  readonly header_table_size?: number;
}

function readCases(path: string): readonly Case[] {
  return (JSON.parse(readFileSync(path, "utf8")) as { cases: Case[] }).cases;
}

const listOf = ({ headers }: Case): string[] => headers.flatMap((header) => Object.entries(header).flat());

if (!existsSync(folder)) {
  console.log(`skip: the HPACK stories: they are not in ${folder}`);
  test.skip("the HPACK stories", () => {});
} else {
  const encoders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  describe.each(encoders.map(({ name }) => name))("as %s encodes", (name) => {
    test.each(readdirSync(`${folder}${name}`))("%s", (file) => {
      const cases = readCases(`${folder}${name}/${file}`);
      expect(cases.length).toBeGreaterThan(0);
      const sizes = cases.map(({ header_table_size = 4096 }) => header_table_size);
      const theirs = new HpackDecoder({ maxTableSize: Math.max(...sizes), maxListSize: 1_000_000 });
      const [ourEncoder, ourDecoder] = [new HpackEncoder(), decoder()];
      for (const story of cases) {
        const headers = listOf(story);
        expect(decodeAll(theirs, bytesOf(story.wire))).toEqual(headers);
        expect(decodeAll(ourDecoder, encodeAll(ourEncoder, headers))).toEqual(headers);
        expect(ourDecoder.entries()).toEqual(ourEncoder.entries());
      }
    });
  });
}
