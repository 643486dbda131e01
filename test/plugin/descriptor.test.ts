import { HealthService } from "gen-stubs-runtime/health";
import { describe, expect, test } from "vitest";
import { run } from "../../src/plugin/run.js";
import { Health } from "../../src/runtime/health/gen/grpc/health/v1/health_pb.js";
import { compile, request } from "./request.js";

const text =
  'syntax = "proto3"; package a; service Echo { rpc Say(M) returns (M); } service Empty {} message M {} message Echo_Say {}';

function stubs(parameter: string): string {
  const { error, file } = run(request(compile({ "a.proto": text }), parameter));
  expect(error).toBeUndefined();
  return file[0]?.content ?? "";
}

describe("a service knows its descriptor", () => {
  test("and each method its own, as protobuf-es has them", () => {
    expect(HealthService.descriptor).toBe(Health);
    const methods = [...HealthService.methods].map(([name, { descriptor }]) => [name, descriptor]);
    expect(methods).toEqual(Health.methods.map((method) => [method.localName, method]));
  });

  test("servers and clients alike", () => {
    expect(stubs("")).toContain("const echo = described(Echo, {");
    expect(stubs("")).toContain('service("a.Echo", echo, Echo);');
    expect(stubs("")).toContain('service("a.Empty", empty, Empty);');
    expect(stubs("server=false")).toContain("const echo = described(Echo, {");
    expect(stubs("server=false")).not.toContain("Empty,");
    expect(stubs("target=js")).toContain("const echo = described(Echo, {");
    expect(stubs("target=dts")).not.toContain("described");
  });

  test("where its messages are, whatever they are", () => {
    expect(stubs("Ma.proto=@acme/a")).toMatch(/import \{ Echo, Empty, type M, MSchema \} from "@acme\/a";/);
    expect(stubs("codec=generated")).toContain("const echo = described(Echo, {");
    const tsProto = stubs("messages=ts_proto");
    expect(tsProto).toContain("const echo = {");
    expect(tsProto).toContain('service("a.Echo", echo);');
    expect(tsProto).not.toContain("described");
  });
});
