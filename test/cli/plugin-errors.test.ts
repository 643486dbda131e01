import { writeFileSync } from "node:fs";
import { create, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { echoProto, project } from "./support/project.js";

describe("what the stubs' plugin says stays data until it is printed", () => {
  test("an option's value with a line break is one error, of wrong usage", async () => {
    const p = project({ "a.proto": echoProto("a") });
    const run = await p.run("a.proto", "-o", "gen", "--opt", "client=maybe\nx.proto:1:2: so", "--json");
    expect(run.code).toBe(2);
    expect(JSON.parse(run.stdout).errors).toEqual([
      expect.objectContaining({
        code: "GS1002",
        message: "--opt: option client=maybe\nx.proto:1:2: so: allowed are true, false",
        file: null,
      }),
    ]);
  });

  test("names with line breaks and control characters are one error each, escaped on their way to a terminal", async () => {
    const p = project({});
    const file = (name: string, rpc: string) => ({
      name,
      syntax: "proto3",
      service: [{ name: "S", method: [{ name: rpc, inputType: ".M", outputType: ".M" }] }],
      messageType: [{ name: "M" }],
    });
    const set = { file: [file("one\u0007.proto", "Now\nGS9001: it's broken"), file("two\u001b[2J.proto", "a b")] };
    writeFileSync(p.path("set.binpb"), toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, set)));
    const run = await p.run("--descriptor-set", "set.binpb", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr.split("\n")).toEqual([
      expect.stringMatching(
        /^one\\u0007\.proto: error GS3001: rpc name "Now\\nGS9001: it's broken" is not an identifier$/,
      ),
      expect.stringMatching(/^two\\u001b\[2J\.proto: error GS3001: rpc name "a b" is not an identifier$/),
      "",
    ]);
    const json = await p.run("--descriptor-set", "set.binpb", "-o", "gen", "--json");
    expect(JSON.parse(json.stdout).errors.map((error: { file: string }) => error.file)).toEqual([
      "one\u0007.proto",
      "two\u001b[2J.proto",
    ]);
  });
});

test.skipIf(process.platform === "win32")("names that hold escape sequences never reach a terminal raw", async () => {
  const odd = "evil\u001b]0;owned\u0007\u009b2J";
  const shown = "evil\\u001b]0;owned\\u0007\\u009b2J";
  const p = project({ "a.proto": echoProto("a"), [`other/${odd}.proto`]: echoProto("b") });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const raw = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;
  const check = await p.run("a.proto", "-o", odd, "--check");
  expect(check).toMatchObject({ code: 1, stderr: "" });
  expect(check.stdout).not.toMatch(raw);
  expect(check.stdout).toContain(`Out of date: ${shown}\n`);
  expect(check.stdout).toContain(`npx gen-stubs --out $'${shown}' a.proto\n`);
  const refused = await p.run("other", "-o", "gen");
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`other/${shown}.proto: error GS3001: would be generated to`);
  p.write(`other/${odd}.proto`, "syntax = 1;");
  const broken = await p.run("other", "-o", "gen");
  expect(broken.code).toBe(1);
  expect(refused.stderr + broken.stderr).not.toMatch(raw);
  const missing = await p.run(`nowhere${odd}`, "-o", "gen", "--json");
  expect(missing.stdout).not.toMatch(raw);
  expect(JSON.parse(missing.stdout).errors[0].message).toContain(odd);
});
