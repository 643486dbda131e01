import { createRequire } from "node:module";
import type * as GrpcJs from "@grpc/grpc-js";
import { expect } from "vitest";
import { status } from "../../src/runtime/index.js";
import { contract, rejection } from "./harness/harness.js";

/** grpc-js loaded a second time: another copy of its classes, as a tree has that holds two versions of it. */
function secondCopy(): typeof GrpcJs {
  const load = createRequire(import.meta.url);
  const ours = { ...load.cache };
  for (const path of Object.keys(load.cache)) if (path.includes("/@grpc/grpc-js/")) delete load.cache[path];
  const copy: typeof GrpcJs = load("@grpc/grpc-js");
  for (const [path, module] of Object.entries(ours)) load.cache[path] = module;
  return copy;
}

const copy = secondCopy();

contract("copies", (keeps) => {
  keeps("copies of grpc-js: metadata of another one is taken, wherever metadata is", async ({ start }) => {
    const { client } = await start({
      greet: (_, call) => ({ value: String(call.metadata.get("x-who")) }),
      async download(_, call) {
        const header = new copy.Metadata();
        header.set("x-h", "1");
        call.sendHeader(header);
      },
    });
    const metadata = new copy.Metadata();
    metadata.set("x-who", "me");
    expect(await client.greet({ value: "" }, { metadata })).toMatchObject({ value: "me" });
    const download = client.download({ value: 0 });
    expect((await download.header).get("x-h")).toEqual(["1"]);
  });

  keeps("copies of grpc-js: an error of another one keeps its trailers", async ({ start }) => {
    const { client } = await start({
      greet: () => {
        const metadata = new copy.Metadata();
        metadata.set("reason", "closed");
        throw Object.assign(new Error("5 NOT_FOUND: no"), { code: copy.status.NOT_FOUND, details: "no", metadata });
      },
    });
    const error = await rejection(client.greet({ value: "" }));
    expect(error).toMatchObject({ code: status.NOT_FOUND, details: "no" });
    expect(error.metadata.get("reason")).toEqual(["closed"]);
  });
});
