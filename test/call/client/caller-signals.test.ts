import { expect, test } from "vitest";
import {
  abortedSignal,
  type CallerSignals,
  unwatchCaller,
  watchCaller,
} from "../../../src/runtime/call/client/caller-signals.js";
import { Metadata } from "../../../src/runtime/index.js";

const open = new AbortController().signal;
const [first, second] = [AbortSignal.abort("first"), AbortSignal.abort("second")];

/** A server's call with this signal. */
const parentOf = (signal: AbortSignal) => ({ signal, timeoutMs: () => 1_000, metadata: new Metadata() });

test.each<[what: string, signals: CallerSignals, aborted: AbortSignal | undefined]>([
  ["none", {}, undefined],
  ["a signal that is open", { signal: open }, undefined],
  ["a signal that has aborted", { signal: first }, first],
  ["a parent whose call goes on", { parent: parentOf(open) }, undefined],
  ["a parent whose call is over", { parent: parentOf(second) }, second],
  ["both, and the parent's has aborted", { signal: open, parent: parentOf(second) }, second],
  ["both, and the caller's own has aborted", { signal: first, parent: parentOf(open) }, first],
  ["both have aborted: the caller's own counts", { signal: first, parent: parentOf(second) }, first],
])("%s", (_, signals, aborted) => {
  expect(abortedSignal(signals)).toBe(aborted);
});

test("a call hears of either signal, until it is watched no longer", () => {
  const [own, parent] = [new AbortController(), new AbortController()];
  const signals = { signal: own.signal, parent: parentOf(parent.signal) };
  const [reasons, late]: [unknown[], unknown[]] = [[], []];
  const call = { onAbort: (reason: unknown) => void reasons.push(reason) };
  const over = { onAbort: (reason: unknown) => void late.push(reason) };
  watchCaller(signals, call);
  watchCaller(signals, over);
  unwatchCaller(signals, over);
  own.abort("own");
  parent.abort("parent");
  expect(reasons).toEqual(["own", "parent"]);
  expect(late).toEqual([]);
});

test.each<[what: string, which: (signal: AbortSignal) => CallerSignals]>([
  ["a signal alone", (signal) => ({ signal })],
  ["a parent alone", (signal) => ({ parent: parentOf(signal) })],
  ["neither", () => ({})],
])("%s is watched, and watched no longer", (what, which) => {
  const abort = new AbortController();
  const reasons: unknown[] = [];
  const call = { onAbort: (reason: unknown) => void reasons.push(reason) };
  watchCaller(which(abort.signal), call);
  unwatchCaller(which(abort.signal), call);
  watchCaller(which(abort.signal), call);
  abort.abort(what);
  expect(reasons).toEqual(what === "neither" ? [] : [what]);
});
