import { describe, expect, test } from "vitest";
import { peerResetStatus } from "../../src/runtime/core/peer-reset.js";
import { Metadata, RpcError, type StatusObject, status } from "../../src/runtime/index.js";
import { failed } from "../../src/runtime/resume/ending.js";
import {
  actionFor,
  checkActions,
  READING,
  type StatusActions,
  type StatusName,
  UPLOADING,
} from "../../src/runtime/resume/status-actions.js";

const ended = (code: status, details = ""): StatusObject => ({ code, details, metadata: new Metadata() });
const names = Object.keys(status).filter((name) => Number.isNaN(Number(name))) as StatusName[]; // an enum has its numbers too

describe("what follows a status by itself (docs/guides/resume.md)", () => {
  const reading: Readonly<Record<string, string>> = {
    OK: "end",
    CANCELLED: "end",
    UNAVAILABLE: "resume",
    DEADLINE_EXCEEDED: "resume",
    RESOURCE_EXHAUSTED: "wait",
  };
  const { OK: _, CANCELLED: __, ...uploading } = reading;

  test.each(names)("%s", (name) => {
    expect(actionFor(ended(status[name]), undefined, READING)).toBe(reading[name] ?? "throw");
    expect(actionFor(ended(status[name]), undefined, UPLOADING)).toBe(uploading[name] ?? "throw");
  });

  test.each<[what: string, status: StatusObject, action: string]>([
    ["a channel that is closed connects no more", ended(status.UNAVAILABLE, "the channel is closed"), "throw"],
    ["the same words with another status are the server's", ended(status.OK, "the channel is closed"), "end"],
    ["a call that the peer reset with CANCEL is lost", peerResetStatus(status.CANCELLED, ""), "resume"],
    ["one that it reset with another code is as that", peerResetStatus(status.INTERNAL, ""), "throw"],
  ])("%s", (_, one, action) => {
    expect(actionFor(one, undefined, READING)).toBe(action);
  });
});

describe("what the user says counts first", () => {
  test.each<[what: string, given: StatusActions, expected: string]>([
    ["a table", { UNAVAILABLE: "end" }, "end"],
    ["a table without this status", { OK: "resume" }, "resume"],
    ["a table that leaves it open", { UNAVAILABLE: undefined }, "resume"],
    ["a function", ({ details }) => (details === "why" ? "throw" : "end"), "throw"],
    ["a function that leaves it open", () => undefined, "resume"],
  ])("%s", (_, given, expected) => {
    expect(actionFor(ended(status.UNAVAILABLE, "why"), given, READING)).toBe(expected);
  });

  test("a function that gives something else is told so, and what a function throws is thrown", () => {
    const given = (() => "again") as unknown as StatusActions; // as JavaScript may
    expect(() => actionFor(ended(status.ABORTED), given, READING)).toThrow(
      new TypeError("statuses gave again for ABORTED; it takes resume, wait, end, throw"),
    );
    const fail = () => {
      throw new RangeError("boom");
    };
    expect(() => actionFor(ended(status.ABORTED), fail, READING)).toThrow(RangeError);
  });
});

describe("a table is checked where it is given", () => {
  test.each<[given: unknown]>([
    [undefined],
    [{}],
    [() => "nonsense"],
    [{ OK: "resume", NOT_FOUND: undefined }],
    [{ OK: "resume", ABORTED: "wait", UNKNOWN: "end", INTERNAL: "throw" }],
  ])("%o is one", (given) => {
    expect(() => checkActions(given as StatusActions)).not.toThrow();
  });

  test.each<[given: unknown, text: string]>([
    [{ NOT_OK: "end" }, 'statuses: there is no status "NOT_OK"'],
    [{ 14: "end" }, 'statuses: there is no status "14"'],
    [{ OK: "end", UNAVAILABLE: "retry" }, "statuses.UNAVAILABLE is retry; it takes resume, wait, end, throw"],
    [{ OK: null }, "statuses.OK is null; it takes resume, wait, end, throw"],
  ])("%o is none", (given, text) => {
    expect(() => checkActions(given as StatusActions)).toThrow(new TypeError(text));
  });
});

describe("the ending of a call whose reading threw", () => {
  test("an RpcError is its status", () => {
    const error = new RpcError(status.ABORTED, "no");
    expect(failed(error)).toEqual({ status: error, error });
    expect(failed(error).error).toBe(error);
  });

  test("anything else is UNKNOWN, with its text and as the cause", () => {
    const cause = new Error("boom");
    const { status: ending, error } = failed(cause);
    expect(ending).toBe(error);
    expect(error).toMatchObject({ code: status.UNKNOWN, details: "boom", cause });
  });
});
