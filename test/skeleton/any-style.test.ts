import fc from "fast-check";
import { expect, test } from "vitest";
import { growSkeleton } from "../../src/skeleton/grow.js";
import { type SkeletonService, servicesIn, skeletonService } from "../../src/skeleton/skeleton-service.js";
import { compile, request } from "../plugin/request.js";

const names = ["now", "watch", "report", "chat"] as const;

const service: SkeletonService = (() => {
  const files = compile({
    "weather.proto":
      'syntax = "proto3";\nservice Weather {\n  rpc Now(M) returns (M);\n  rpc Watch(M) returns (stream M);\n' +
      "  rpc Report(stream M) returns (M);\n  rpc Chat(stream M) returns (stream M);\n}\nmessage M {}\n",
  });
  const asked = request(files);
  return skeletonService(asked, "Weather", servicesIn(asked).get("Weather")!, (module) => module);
})();

/** White space and comments that may stand between two members. */
const gap = fc.constantFrom("\n", "\n\n", " ", "\n  ", "\n\t", " // a, { b }\n", " /* c } */ ", "\n  // d\n  ", "\r\n");
const member = {
  class: (name: string) =>
    fc.constantFrom(
      `${name}() {}`,
      `async ${name}(a: any) { return {}; }`,
      `${name} = async () => ({});`,
      `"${name}"() {}`,
      `get ${name}() { return f; };`,
    ),
  object: (name: string) =>
    fc.constantFrom(
      `${name}() {}`,
      name,
      `${name}: async () => ({ a: [1,] })`,
      `"${name}": f`,
      `["${name}"](a) { /* } */ }`,
      `async *${name}() {}`,
    ),
};

const file = fc
  .record({
    style: fc.constantFrom("class" as const, "object" as const),
    present: fc.shuffledSubarray([...names, "helper", "other"]),
    gaps: fc.array(gap, { minLength: 8, maxLength: 8 }),
    trailing: fc.boolean(),
    before: fc.constantFrom("", "const a = 1\n", "#!/usr/bin/env node\n// licence\n", "\uFEFF"),
    quote: fc.constantFrom('"', "'"),
  })
  .chain(({ style, present, gaps, trailing, before, quote }) =>
    fc.tuple(...present.map((name) => member[style](name))).map((members) => {
      const last = members.length - 1;
      const parts = members.map((text, index) => {
        const comma = style === "object" && (index < last || trailing) ? "," : "";
        return gaps[index]! + text + comma;
      });
      const body = `{${parts.join("")}${gaps[7]!}}`;
      const imported = `import type { WeatherHandlers } from ${quote}./weather_grpc${quote};\n`;
      const head =
        style === "class" ? "export class A implements WeatherHandlers " : "export const a: WeatherHandlers = ";
      const text = before.startsWith("#") || before === "\uFEFF" ? before + imported : imported + before;
      return { style, present, text: `${text}${head}${body}\nvoid 0;` };
    }),
  );

/** Whether a text can be had from another by leaving characters out. */
function isWithin(part: string, whole: string): boolean {
  let at = 0;
  for (const char of whole) if (char === part[at]) at++;
  return at === part.length;
}

test("whatever a file looks like, methods are only added to it, and it still parses", { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(file, ({ style, present, text }) => {
      const grown = growSkeleton(service, text, { style, shown: "a.ts" });
      expect(grown.created).toBe(false);
      expect([...grown.added].sort()).toEqual(names.filter((name) => !present.includes(name)).sort());
      expect(isWithin(text, grown.text)).toBe(true);
      if (grown.added.length === 0) expect(grown.text).toBe(text);
      // Parses, and has them all.
      expect(growSkeleton(service, grown.text, { style, shown: "a.ts" })).toMatchObject({
        text: grown.text,
        added: [],
      });
    }),
    { numRuns: 300 },
  );
});
