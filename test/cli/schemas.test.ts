import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { configSchema } from "../../src/cli/config/schema.js";
import { echoProto, project } from "./support/project.js";

const schema = (name: string): object =>
  JSON.parse(readFileSync(new URL(`../../schemas/${name}.json`, import.meta.url), "utf8"));
const check = (name: string, value: unknown): unknown => {
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema(name));
  return validate(value) ? undefined : validate.errors;
};

describe("schemas/config.json", () => {
  // `npx vitest run test/cli/schemas.test.ts -u` writes it.
  test("is what the flags make of it", async () => {
    await expect(`${JSON.stringify(configSchema(), null, 2)}\n`).toMatchFileSnapshot("../../schemas/config.json");
  });

  test("takes what the command takes", () => {
    const outputs = [{ paths: "a", out: "b", k6: true }];
    expect(
      check("config", { outputs, opt: { target: "js", rewrite_imports: ["a:b"] }, messages: "es" }),
    ).toBeUndefined();
    expect(check("config", { paths: ["a"], opt: ["target=js"], $schema: "x" })).toBeUndefined();
    for (const wrong of [
      [],
      { pths: "a" },
      { outputs: [] },
      { paths: [1] },
      { out: "" },
      { clean: "yes" },
      { opt: "x" },
    ]) {
      expect(check("config", wrong)).toBeDefined();
    }
  });
});

describe("schemas/report.json describes --json", () => {
  test("of a run, of drift, of errors and of several outputs", async () => {
    const p = project({ "protos/a.proto": echoProto("a"), "broken/b.proto": "syntax = 1;" });
    const config = {
      outputs: [
        { paths: "protos", out: "gen" },
        { paths: "broken", out: "gen2" },
      ],
    };
    p.write("two.json", JSON.stringify(config));
    const lines = [
      ["protos", "-o", "gen", "--check"],
      ["protos", "-o", "gen"],
      ["protos", "-o", "gen", "--dry-run"],
      ["broken", "-o", "gen"],
      ["protos", "--nope"],
      ["--config", "two.json"],
    ];
    for (const line of lines) {
      const run = await p.run(...line, "--json");
      expect(check("report", JSON.parse(run.stdout))).toBeUndefined();
    }
  });
});
