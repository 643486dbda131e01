import { describe, expect, test } from "vitest";
import { repository } from "../support/packed.js";
import { runOk } from "../support/shell.js";

/** Both copies of the built runtime in one process, as a CommonJS application with one ES module among its packages has them. */
const COPIES = `
import { createRequire } from "node:module";
import * as esm from "gen-stubs-runtime";
import * as esmGenerated from "gen-stubs-runtime/codegen-v1";
import { inProcess } from "gen-stubs-runtime/in-process";
const require = createRequire(process.cwd() + "/");
const cjs = require("gen-stubs-runtime");
const cjsGenerated = require("gen-stubs-runtime/codegen-v1");
`;

async function inBoth(script: string): Promise<unknown> {
  const { stdout } = await runOk([process.execPath, "--input-type=module", "--eval", COPIES + script], {
    cwd: repository,
  });
  return JSON.parse(stdout);
}

describe("an ESM and a CommonJS copy of the runtime in one process", () => {
  test("they are two copies", async () => {
    expect(await inBoth("console.log(esm.RpcError === cjs.RpcError)")).toBe(false);
  });

  test("each recognises the other's errors, metadata and contexts, and nothing else", async () => {
    const script = `
      const seen = (mine, theirs) => ["RpcError", "Metadata", "CallContext"].map((name) => {
        const value = name === "RpcError" ? new theirs.RpcError(5, "gone") : new theirs[name]();
        return value instanceof mine[name];
      });
      class Own extends esm.Metadata {}
      console.log(JSON.stringify([
        seen(esm, cjs), seen(cjs, esm), seen(esm, esm),
        [{}, null, new Error("x"), new Map()].map((value) => [esm.RpcError, esm.Metadata, esm.CallContext].map((type) => value instanceof type)),
        [new Own() instanceof Own, new Own() instanceof cjs.Metadata, new cjs.Metadata() instanceof Own],
      ]));`;
    const yes = [true, true, true];
    const no = [false, false, false];
    expect(await inBoth(script)).toEqual([yes, yes, yes, [no, no, no, no], [true, true, false]]);
  });

  test("metadata and context keys of one are taken by the other", async () => {
    const script = `
      const theirs = new cjs.Metadata();
      theirs.set("a", "1");
      theirs.set("b-bin", new Uint8Array([1, 2]));
      const mine = new esm.Metadata();
      mine.merge(theirs);
      const key = cjs.contextKey("user", "nobody");
      const context = new esm.CallContext();
      const before = context.get(key);
      context.set(key, "me");
      console.log(JSON.stringify([[...mine].map(([name, value]) => [name, typeof value === "string" ? value : [...value]]), before, context.get(key)]));`;
    expect(await inBoth(script)).toEqual([
      [
        ["a", "1"],
        ["b-bin", [1, 2]],
      ],
      "nobody",
      "me",
    ]);
  });

  test.each([
    ["esm", "cjs"],
    ["cjs", "esm"],
  ])("stubs of %s call a server of %s, which throws an error of the other", async (client, server) => {
    const script = `
      const [mine, theirs, load] = [${client}, ${server}, (path) => ("${client}" === "esm" ? import(path) : require(path))];
      const { es } = await load("gen-stubs-runtime/codec-es");
      const { StringValueSchema } = await load("@bufbuild/protobuf/wkt");
      const say = ${client}Generated.unary("/t.T/Say", es(StringValueSchema), es(StringValueSchema));
      const key = mine.contextKey("user");
      const interceptor = async (call, next) => { call.context.set(key, "me"); await next(); };
      const server = new theirs.Server({ interceptors: [interceptor] });
      server.add(${server}Generated.service("t.T", { say }), {
        say({ value }, call) {
          if (value === "fail") throw new mine.RpcError(5, "gone", { metadata: new mine.Metadata() });
          return { value: value + call.context.get(key) };
        },
      });
      const channel = ("${server}" === "esm" ? inProcess : require("gen-stubs-runtime/in-process").inProcess)(server);
      const call = (value) => ${client}Generated.callUnary(channel, say, { value });
      const answer = await call("hello ");
      const failure = await call("fail").catch((error) => error);
      const known = [failure instanceof mine.RpcError, failure instanceof theirs.RpcError];
      console.log(JSON.stringify([answer.value, failure.code, failure.details, ...known]));
      await channel.close();`;
    expect(await inBoth(script)).toEqual(["hello me", 5, "gone", true, true]);
  });
});
