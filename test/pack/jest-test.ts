/** Not a dependency of this repository: it brings hundreds of packages. */
export const jest = "jest@30.5.2";

export const jestProto: string = `syntax = "proto3";
package guide.v1;
message Point { int32 latitude = 1; }
message Feature { string name = 1; }
service Guide {
  rpc GetFeature(Point) returns (Feature);
  rpc ListFeatures(Point) returns (stream Feature);
  rpc GuideChat(stream Point) returns (stream Feature);
}
`;

/** A test as users of Jest write it, in a project of ES modules: answers, scripts, recorded calls, fake timers, snapshots. */
export const jestTest: string = `import { afterEach, expect, jest, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { Server, status } from "gen-stubs-runtime";
import { inProcess } from "gen-stubs-runtime/in-process";
import { fails, fake, hangs, recordTo, replayFrom, sends } from "gen-stubs-runtime/testing";
import { GuideClient, GuideService, UnimplementedGuide } from "./gen/guide_grpc.js";

const open = [];
const opened = (one) => {
  open.push(one);
  return one;
};
afterEach(async () => {
  jest.useRealTimers();
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

test("answers, scripts and what was asked", async () => {
  const channel = opened(fake(GuideService, {
    getFeature: ({ latitude }) => ({ name: "at " + latitude }),
    listFeatures: sends([{ name: "a" }, { name: "b" }], fails(status.UNAVAILABLE, "gone")),
  }));
  const client = new GuideClient(channel);
  expect((await client.getFeature({ latitude: 7 })).name).toBe("at 7");
  const names = [];
  const reading = (async () => { for await (const { name } of client.listFeatures({})) names.push(name); })();
  await expect(reading).rejects.toMatchObject({ code: status.UNAVAILABLE, details: "gone" });
  expect(names).toEqual(["a", "b"]);
  expect(channel.calls.getFeature[0].requests).toMatchObject([{ latitude: 7 }]);
  await expect(client.guideChat().recv()).rejects.toMatchObject({ code: status.UNIMPLEMENTED });
});

test("a deadline passes under fake timers", async () => {
  jest.useFakeTimers();
  const channel = opened(fake(GuideService, { getFeature: hangs() }));
  const call = new GuideClient(channel).getFeature({}, { timeoutMs: 50 });
  await expect(call).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
});

test("records and replays", async () => {
  const server = opened(new Server().add(GuideService, Object.assign(new UnimplementedGuide(), { getFeature: () => ({ name: "Oslo" }) })));
  const channel = opened(inProcess(server, { interceptors: [recordTo("calls.jsonl")] }));
  expect((await new GuideClient(channel).getFeature({})).name).toBe("Oslo");
  expect(readFileSync("calls.jsonl", "utf8")).toMatchSnapshot();
  const replay = opened(replayFrom("calls.jsonl", GuideService));
  expect(await new GuideClient(replay).getFeature({})).toMatchObject({ name: "Oslo" });
});
`;
