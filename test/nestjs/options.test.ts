import { Controller, type Type } from "@nestjs/common";
import { describe, expect, test } from "vitest";
import { status } from "../../src/runtime/index.js";
import { GrpcController, GrpcStrategy, type GrpcStrategyOptions } from "../../src/runtime/nestjs.js";
import { TrialService } from "../contract/harness/trial-service.js";
import { serveTrial } from "./trial-app.js";

const generated = { services: [TrialService] };
const loaded = { package: "a", protoPath: "a.proto" };

describe("an option arrives or throws (P17)", () => {
  test.each([
    ["an unknown one", { ...generated, port: 1 }, 'GrpcStrategy knows no option "port"'],
    ["neither way", {}, "either services, which are generated, or package"],
    ["both ways", { ...generated, ...loaded }, "either services, which are generated, or package"],
    ["of grpc-js: credentials", { ...loaded, credentials: {} }, 'no option "credentials": give `tls'],
    ["of grpc-js: channelOptions", { ...loaded, channelOptions: {} }, 'no option "channelOptions": give `server'],
    ["a keepalive that is none", { ...loaded, keepalive: { http2MaxPingStrikes: 1 } }, 'not "http2MaxPingStrikes"'],
    [
      "limits for a foreign transport",
      { ...loaded, maxReceiveMessageLength: 1, server: { transport: () => 0 } },
      "limits",
    ],
    [
      "of loading, with generated code",
      { ...generated, protoPath: "a.proto" },
      'no meaning with services: "protoPath"',
    ],
  ])("%s", (_, options, text) => {
    // As a program without types would give them.
    expect(() => new GrpcStrategy(options as unknown as GrpcStrategyOptions)).toThrow(text);
  });

  test("what cannot be listened on rejects app.listen()", async () => {
    class Nothing {}
    const decorate = (): void => {};
    await expect(serveTrial(Nothing, { url: "nowhere" }, decorate)).rejects.toThrow("cannot listen on");
    const missing = {
      services: undefined,
      package: "nobody.v1",
      packageDefinition: {},
    } as Partial<GrpcStrategyOptions>;
    await expect(serveTrial(Nothing, missing, decorate)).rejects.toThrow('no service of the package "nobody.v1"');
  });

  test("services without a controller, or with a part of one, are UNIMPLEMENTED there; configure adds to the server", async () => {
    class Half {
      chat(): never {
        throw new Error("not called");
      }
    }
    const configured: string[] = [];
    await using served = await serveTrial(
      Half,
      { configure: (server) => configured.push(...server.services.map(({ typeName }) => typeName)) },
      (controller: Type<object>) => {
        GrpcController(TrialService, "chat")(controller as typeof Half);
        Controller()(controller);
      },
    );
    await expect(served.client.greet({ value: "" })).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
    expect(configured).toEqual(["contract.v1.Trial"]);
  });
});
