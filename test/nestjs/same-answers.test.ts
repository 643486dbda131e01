import { beforeAll, describe, expect, test } from "vitest";
import { buildNestProgram, type NestTransport, transcript } from "./nest-program.js";

/** Where Nest's own transport answers otherwise than ours does: `[Nest's, ours]`. */
const DIFFERENT: Readonly<Record<string, readonly [nest: unknown, ours: unknown]>> = {
  // There it never answers: its callback is called twice.
  "unary, the first of an observable": [ended(4), answered({ text: "<one>", count: 0 })],
  // There a promise of the whole stream waits for what it is itself to start.
  "client streaming": [ended(4), answered({ text: "<abc>", count: 1 })],
  "client streaming, nothing": [ended(4), answered({ text: "<>", count: 0 })],
  "unary, not implemented": [
    ended(12, "The server does not implement the method Missing"),
    ended(12, "unknown method /library.v1.Library/Missing"),
  ],
};

function ended(code: number, details = ""): object {
  return { messages: [], code, details };
}

function answered(message: object): object {
  return { messages: [message], code: 0, details: "" };
}

describe("a Nest application on this package's transport, beside the same on Nest's own", () => {
  const transcripts = new Map<NestTransport, ReadonlyMap<string, unknown>>();
  const of = (transport: NestTransport): ReadonlyMap<string, unknown> => transcripts.get(transport) ?? new Map();

  beforeAll(async () => {
    await buildNestProgram();
    for (const transport of ["nest", "loaded", "generated"] as const)
      transcripts.set(transport, await transcript(transport));
  }, 180_000);

  test("every case was tried on all", () => {
    expect(of("nest").size).toBeGreaterThan(50);
    expect([...of("loaded").keys()]).toEqual([...of("nest").keys()]);
    expect([...of("generated").keys()]).toEqual([...of("nest").keys()]);
    expect([...of("nest").keys()]).toEqual(expect.arrayContaining(Object.keys(DIFFERENT)));
  });

  test.each(["loaded", "generated"] as const)(
    "%s: the same answers to the same calls, but where it says so",
    (ours) => {
      const expected = [...of("nest")].map(([name, outcome]) => [name, DIFFERENT[name]?.[1] ?? outcome]);
      expect(Object.fromEntries(of(ours))).toEqual(Object.fromEntries(expected));
    },
  );

  test("where they differ, Nest's own transport does what is said here", () => {
    const named = Object.keys(DIFFERENT).map((name) => [name, of("nest").get(name)]);
    expect(Object.fromEntries(named)).toEqual(
      Object.fromEntries(Object.entries(DIFFERENT).map(([name, [nest]]) => [name, nest])),
    );
  });

  test("a guard that refuses a call of @GrpcStreamCall ends the call; on Nest's transport it ends the process", async () => {
    const refused = ended(16, "who are you?");
    const [nest, ours] = [await transcript("nest", "guarded"), await transcript("generated", "guarded")];
    expect([...ours.values()]).toEqual([refused, refused, 0]);
    expect(nest.get("exit code")).toBe(1);
  });

  test("the application ends by app.close()", () => {
    expect([of("loaded").get("exit code"), of("generated").get("exit code")]).toEqual([0, 0]);
  });
});
