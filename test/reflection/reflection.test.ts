import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_descriptor,
  file_google_protobuf_struct,
} from "@bufbuild/protobuf/wkt";
import { connect, Server, status } from "gen-stubs-runtime";
import { HealthImplementation, HealthService } from "gen-stubs-runtime/health";
import { inProcess } from "gen-stubs-runtime/in-process";
import {
  ReflectionImplementation,
  ServerReflectionClient,
  ServerReflectionService,
  ServerReflectionV1AlphaService,
} from "gen-stubs-runtime/reflection";
import { afterEach, describe, expect, it } from "vitest";
import { file_grpc_health_v1_health as file_health } from "../../src/runtime/health/gen/grpc/health/v1/health_pb.js";

type Ask = Parameters<ReturnType<ServerReflectionClient["serverReflectionInfo"]>["send"]>[0]["messageRequest"];

const closing: (() => Promise<void>)[] = [];

/** Asks on one stream, in order. */
async function ask(reflection: ReflectionImplementation, ...requests: NonNullable<Ask>[]) {
  const server = new Server().add(ServerReflectionService, reflection).add(ServerReflectionV1AlphaService, reflection);
  const { port } = await server.listen("127.0.0.1:0");
  const channel = connect(`http://127.0.0.1:${port}`);
  closing.push(
    () => channel.close(),
    () => server.shutdown(),
  );
  const call = new ServerReflectionClient(channel).serverReflectionInfo();
  await call.sendAll(requests.map((messageRequest) => ({ host: "h", messageRequest })));
  await call.closeSend();
  const answers = [];
  for await (const { messageResponse, validHost, originalRequest } of call) {
    expect([validHost, originalRequest?.host]).toEqual(["h", "h"]);
    answers.push(messageResponse);
  }
  return answers;
}

function names(answer: Awaited<ReturnType<typeof ask>>[number] | undefined): string[] {
  if (answer?.case !== "fileDescriptorResponse") throw new Error(`no files: ${answer?.case}`);
  return answer.value.fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes).name);
}

describe("reflection", () => {
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it("describes what the server serves, whenever it was added", async () => {
    const server = new Server();
    const reflection = new ReflectionImplementation(server);
    expect(server.services).toEqual([]);
    server.add(ServerReflectionService, reflection).add(ServerReflectionV1AlphaService, reflection);
    // On messages without descriptors, as ts-proto's: listed, not described.
    const { descriptor: _, ...bare } = { ...HealthService, typeName: "bare.Bare", methods: new Map() };
    server.add(HealthService, new HealthImplementation()).add(bare, new HealthImplementation());
    const channel = inProcess(server);
    const call = new ServerReflectionClient(channel).serverReflectionInfo();
    closing.push(() => channel.close());
    await call.sendAll(
      [
        { case: "listServices" as const, value: "" },
        { case: "fileContainingSymbol" as const, value: "grpc.health.v1.Health.Check" },
        { case: "fileContainingSymbol" as const, value: "bare.Bare" },
      ].map((messageRequest) => ({ messageRequest })),
    );
    await call.closeSend();
    const answers = [];
    for await (const { messageResponse } of call) answers.push(messageResponse);
    expect(answers[0]?.value).toMatchObject({
      service: [
        { name: "bare.Bare" },
        { name: "grpc.health.v1.Health" },
        { name: "grpc.reflection.v1.ServerReflection" },
        { name: "grpc.reflection.v1alpha.ServerReflection" },
      ],
    });
    expect(names(answers[1])).toEqual(["grpc/health/v1/health.proto"]);
    expect(answers[2]?.value).toMatchObject({ errorCode: status.NOT_FOUND });
  });

  it("lists the services of the files, and itself", async () => {
    const [all] = await ask(new ReflectionImplementation([file_health]), { case: "listServices", value: "" });
    expect(all?.value).toMatchObject({
      service: [
        { name: "grpc.health.v1.Health" },
        { name: "grpc.reflection.v1.ServerReflection" },
        { name: "grpc.reflection.v1alpha.ServerReflection" },
      ],
    });
    const only = new ReflectionImplementation([file_health], { services: ["grpc.health.v1.Health"] });
    const [listed] = await ask(only, { case: "listServices", value: "" });
    expect(listed?.value).toMatchObject({ service: [{ name: "grpc.health.v1.Health" }] });
  });

  it.each([
    "grpc.health.v1.Health",
    "grpc.health.v1.Health.Check",
    "grpc.health.v1.HealthCheckRequest",
    "grpc.health.v1.HealthCheckRequest.service",
    "grpc.health.v1.HealthCheckResponse.ServingStatus",
    "grpc.health.v1.HealthCheckResponse.SERVING",
    "grpc.health.v1.HealthListResponse.StatusesEntry",
  ])("finds the file of %s", async (value) => {
    const [answer] = await ask(new ReflectionImplementation([file_health]), { case: "fileContainingSymbol", value });
    expect(names(answer)).toEqual(["grpc/health/v1/health.proto"]);
  });

  it("sends what a file imports with it, but once a stream", async () => {
    const set = toBinary(FileDescriptorSetSchema, {
      $typeName: "google.protobuf.FileDescriptorSet",
      file: [
        file_google_protobuf_struct.proto,
        {
          ...file_health.proto,
          name: "importer.proto",
          package: "importer",
          messageType: [],
          service: [],
          dependency: ["google/protobuf/struct.proto"],
        },
      ],
    });
    const [first, again, unknown] = await ask(
      new ReflectionImplementation([set]),
      { case: "fileByFilename", value: "importer.proto" },
      { case: "fileByFilename", value: "google/protobuf/struct.proto" },
      { case: "fileByFilename", value: "no/such.proto" },
    );
    expect(names(first)).toEqual(["importer.proto", "google/protobuf/struct.proto"]);
    expect(names(again)).toEqual(["google/protobuf/struct.proto"]);
    expect(unknown?.value).toMatchObject({ errorCode: status.NOT_FOUND, errorMessage: "unknown file no/such.proto" });
  });

  it("knows extensions and refuses what it does not know", async () => {
    const [none, noType, noExtension, nothing] = await ask(
      new ReflectionImplementation([file_google_protobuf_descriptor]),
      { case: "allExtensionNumbersOfType", value: "google.protobuf.FieldOptions" },
      { case: "allExtensionNumbersOfType", value: "no.Such" },
      {
        case: "fileContainingExtension",
        value: { containingType: "google.protobuf.FieldOptions", extensionNumber: 9 },
      },
      { case: undefined },
    );
    expect(none?.value).toMatchObject({ baseTypeName: "google.protobuf.FieldOptions", extensionNumber: [] });
    expect(noType?.value).toMatchObject({ errorCode: status.NOT_FOUND });
    expect(noExtension?.value).toMatchObject({ errorCode: status.NOT_FOUND });
    expect(nothing?.value).toMatchObject({ errorCode: status.INVALID_ARGUMENT });
  });

  it("says at once that a descriptor set is unusable", () => {
    expect(() => new ReflectionImplementation([Uint8Array.of(0xff)])).toThrow();
    const incomplete = toBinary(FileDescriptorSetSchema, {
      $typeName: "google.protobuf.FileDescriptorSet",
      file: [{ ...file_health.proto, dependency: ["missing.proto"] }],
    });
    expect(() => new ReflectionImplementation([incomplete])).toThrow(/missing/);
  });
});
