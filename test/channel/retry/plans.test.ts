import { describe, expect, test } from "vitest";
import {
  type AttemptPlan,
  HedgingPlan,
  type PlannedCall,
  RetryPlan,
  RetryThrottle,
} from "../../../src/runtime/channel/retry/index.js";
import { Metadata } from "../../../src/runtime/core/metadata.js";
import type { StatusObject } from "../../../src/runtime/core/rpc-error.js";
import { status } from "../../../src/runtime/core/status.js";

/** A call of which nothing is sent: what the plan wants is written down. */
class PaperCall implements PlannedCall {
  attempts = 1;
  open = 1;
  lastFailure = failure(status.UNKNOWN);
  /** Why the last attempt was started. */
  reason = "";
  readonly log: string[] = [];

  startAttempt(reason: string): void {
    this.attempts++;
    this.open++;
    this.reason = reason;
    this.log.push("attempt");
  }

  wake(delayMs: number): void {
    this.log.push(`in ${Math.round(delayMs)}`);
  }

  forgetWake(): void {
    const last = this.log.at(-1);
    if (last?.startsWith("in ")) this.log.pop();
  }

  finish({ code }: StatusObject): void {
    this.log.push(`end ${status[code]}`);
  }

  noteThrottled(): void {
    this.log.push("throttled");
  }

  /** What the plan did since the last look. */
  get news(): string[] {
    return this.log.splice(0);
  }

  fail(plan: AttemptPlan, code: status, pushback?: string): string[] {
    this.open--;
    this.lastFailure = failure(code, pushback);
    plan.onFailed(this.lastFailure);
    return this.news;
  }

  time(plan: AttemptPlan): string[] {
    plan.onTime();
    return this.news;
  }
}

function failure(code: status, pushback?: string): StatusObject {
  const metadata = new Metadata();
  if (pushback !== undefined) metadata.set("grpc-retry-pushback-ms", pushback);
  return { code, details: "the text", metadata };
}

const { UNAVAILABLE, INTERNAL, ABORTED, INVALID_ARGUMENT } = status;

function throttle(maxTokens: number | undefined): RetryThrottle {
  const made = new RetryThrottle();
  if (maxTokens !== undefined) made.rule = { maxMilliTokens: maxTokens * 1000, milliTokenRatio: 100 };
  return made;
}

describe("a retry policy: one, three and four attempts, no jitter in what is compared", () => {
  const policy = {
    maxAttempts: 4,
    initialBackoffMs: 1000,
    maxBackoffMs: 3000,
    backoffMultiplier: 2,
    retryableStatusCodes: new Set([UNAVAILABLE, ABORTED]),
  };
  function begin(maxAttempts = 4, tokens = throttle(undefined)): { call: PaperCall; plan: RetryPlan } {
    const call = new PaperCall();
    const plan = new RetryPlan(policy, maxAttempts, tokens, call);
    plan.onBegun();
    expect(call.news).toEqual([]);
    return { call, plan };
  }
  /** What it waits, with the jitter taken out. */
  const waits = ([news]: string[], about: number): void => {
    const ms = Number(/^in (\d+)$/.exec(news ?? "")?.[1]);
    expect(ms).toBeGreaterThanOrEqual(0.8 * about - 1);
    expect(ms).toBeLessThanOrEqual(1.2 * about + 1);
  };

  test("waits longer each time, and ends with the last failure", () => {
    const { call, plan } = begin();
    for (const wait of [1000, 2000, 3000]) {
      waits(call.fail(plan, UNAVAILABLE), wait);
      expect(call.time(plan)).toEqual(["attempt"]);
    }
    expect(call.fail(plan, ABORTED)).toEqual(["end ABORTED"]);
  });

  test("a code that is not to be retried ends it at any attempt", () => {
    const { call, plan } = begin();
    waits(call.fail(plan, UNAVAILABLE), 1000);
    call.time(plan);
    expect(call.fail(plan, INVALID_ARGUMENT)).toEqual(["end INVALID_ARGUMENT"]);
  });

  test("a pushback is waited for exactly, and the waits begin anew behind it", () => {
    const { call, plan } = begin();
    waits(call.fail(plan, UNAVAILABLE), 1000);
    call.time(plan);
    expect(call.fail(plan, UNAVAILABLE, "5")).toEqual(["in 5"]);
    call.time(plan);
    waits(call.fail(plan, UNAVAILABLE), 1000);
  });

  test("a pushback of 0 is at once", () => {
    const { call, plan } = begin();
    expect(call.fail(plan, UNAVAILABLE, "0")).toEqual(["in 0"]);
  });

  test.each(["-1", "x", "99999999999"])("a pushback of %s says not to retry", (value) => {
    const { call, plan } = begin();
    expect(call.fail(plan, UNAVAILABLE, value)).toEqual(["end UNAVAILABLE"]);
  });

  test("a pushback does not make a code retryable, nor attempts more", () => {
    const first = begin();
    expect(first.call.fail(first.plan, INVALID_ARGUMENT, "5")).toEqual(["end INVALID_ARGUMENT"]);
    const second = begin(2);
    second.call.fail(second.plan, UNAVAILABLE);
    second.call.time(second.plan);
    expect(second.call.fail(second.plan, UNAVAILABLE, "5")).toEqual(["end UNAVAILABLE"]);
  });

  test("half of the tokens gone: not sent again", () => {
    const tokens = throttle(4);
    const first = begin(4, tokens);
    waits(first.call.fail(first.plan, UNAVAILABLE), 1000);
    first.call.time(first.plan);
    expect(first.call.fail(first.plan, UNAVAILABLE)).toEqual(["throttled", "end UNAVAILABLE"]);
    expect(tokens.tokens).toBe(2);
    const second = begin(4, tokens);
    expect(second.call.fail(second.plan, UNAVAILABLE)).toEqual(["throttled", "end UNAVAILABLE"]);
    expect(tokens.tokens).toBe(1);
  });

  test("what counts as a failure: a retryable code, a pushback not to retry, the last attempt too; nothing else", () => {
    const tokens = throttle(1000);
    const { call, plan } = begin(2, tokens);
    call.fail(plan, UNAVAILABLE);
    expect(tokens.tokens).toBe(999);
    call.time(plan);
    call.fail(plan, UNAVAILABLE);
    expect(tokens.tokens).toBe(998);
    const other = begin(2, tokens);
    other.call.fail(other.plan, INVALID_ARGUMENT);
    expect(tokens.tokens).toBe(998);
    const unwanted = begin(2, tokens);
    unwanted.call.fail(unwanted.plan, INVALID_ARGUMENT, "-1");
    expect(tokens.tokens).toBe(997);
    plan.onCommittedFailed(failure(UNAVAILABLE));
    expect(tokens.tokens).toBe(996);
    plan.onCommittedFailed(failure(INTERNAL));
    expect(tokens.tokens).toBe(996);
    plan.onCommittedFailed(failure(INTERNAL, "-1"));
    expect(tokens.tokens).toBe(995);
    plan.onCommittedFailed(failure(INTERNAL, "1"));
    expect(tokens.tokens).toBe(995);
  });

  test("an attempt has its reason", () => {
    const { call, plan } = begin();
    call.fail(plan, UNAVAILABLE);
    call.time(plan);
    expect(call.reason).toBe("attempt 1 ended with UNAVAILABLE: the text");
  });
});

describe("a hedging policy", () => {
  function begin(change: { hedgingDelayMs?: number; maxAttempts?: number; tokens?: RetryThrottle } = {}): {
    call: PaperCall;
    plan: HedgingPlan;
    begun: string[];
  } {
    const { hedgingDelayMs = 500, maxAttempts = 4, tokens = throttle(undefined) } = change;
    const policy = { maxAttempts: 9, hedgingDelayMs, nonFatalStatusCodes: new Set([UNAVAILABLE, INTERNAL, ABORTED]) };
    const call = new PaperCall();
    const plan = new HedgingPlan(policy, maxAttempts, tokens, call);
    plan.onBegun();
    return { call, plan, begun: call.news };
  }

  test("one more after each delay, and no more than there may be", () => {
    const { call, plan, begun } = begin();
    expect(begun).toEqual(["in 500"]);
    expect(call.time(plan)).toEqual(["attempt", "in 500"]);
    expect(call.time(plan)).toEqual(["attempt", "in 500"]);
    expect(call.time(plan)).toEqual(["attempt"]);
    expect(call.attempts).toBe(4);
  });

  test("without a delay all at once", () => {
    expect(begin({ hedgingDelayMs: 0 }).begun).toEqual(["attempt", "attempt", "attempt"]);
  });

  test("a code that is not fatal brings the next at once, and the others after the delay from then", () => {
    const { call, plan } = begin();
    expect(call.fail(plan, UNAVAILABLE)).toEqual(["attempt", "in 500"]);
    expect(call.time(plan)).toEqual(["attempt", "in 500"]);
  });

  test("a fatal code ends the call, whatever else is open", () => {
    const { call, plan } = begin();
    call.time(plan);
    expect(call.fail(plan, INVALID_ARGUMENT)).toEqual(["end INVALID_ARGUMENT"]);
  });

  test("the last of all that fail is the call's end; until then it waits for the others", () => {
    const { call, plan } = begin({ maxAttempts: 2 });
    expect(call.time(plan)).toEqual(["attempt"]);
    expect(call.fail(plan, UNAVAILABLE)).toEqual([]);
    expect(call.fail(plan, ABORTED)).toEqual(["end ABORTED"]);
  });

  test("every attempt fails at once: as many as there may be, then the end", () => {
    const { call, plan } = begin();
    for (let more = 0; more < 2; more++) expect(call.fail(plan, INTERNAL)).toEqual(["attempt", "in 500"]);
    expect(call.fail(plan, INTERNAL)).toEqual(["attempt"]);
    expect(call.fail(plan, INTERNAL)).toEqual(["end INTERNAL"]);
  });

  test("a pushback says when the next is sent; the others follow by the delay", () => {
    const { call, plan } = begin();
    expect(call.fail(plan, UNAVAILABLE, "2000")).toEqual(["in 2000"]);
    expect(call.time(plan)).toEqual(["attempt", "in 500"]);
  });

  test("a pushback not to retry: no more are sent, and those that are open may still succeed", () => {
    const { call, plan } = begin();
    call.time(plan);
    expect(call.fail(plan, UNAVAILABLE, "-1")).toEqual([]);
    expect(call.fail(plan, UNAVAILABLE)).toEqual(["end UNAVAILABLE"]);
  });

  test("a pushback not to retry with nothing else open is the end", () => {
    const { call, plan } = begin();
    expect(call.fail(plan, UNAVAILABLE, "-1")).toEqual(["end UNAVAILABLE"]);
  });

  test("a pushback with a fatal code ends the call all the same", () => {
    const { call, plan } = begin();
    expect(call.fail(plan, INVALID_ARGUMENT, "5")).toEqual(["end INVALID_ARGUMENT"]);
  });

  test("half of the tokens gone: the first attempt is sent, and no other", () => {
    const tokens = throttle(2);
    tokens.failed();
    const { call, plan, begun } = begin({ tokens });
    expect(begun).toEqual(["in 500"]);
    expect(call.time(plan)).toEqual(["throttled"]);
    expect(call.fail(plan, UNAVAILABLE)).toEqual(["end UNAVAILABLE"]);
    expect(begin({ hedgingDelayMs: 0, tokens }).begun).toEqual(["throttled"]);
  });

  test("what counts as a failure: a code that is not fatal, and a pushback not to retry", () => {
    const tokens = throttle(1000);
    const { call, plan } = begin({ tokens, maxAttempts: 5 });
    call.fail(plan, UNAVAILABLE);
    call.fail(plan, INTERNAL);
    expect(tokens.tokens).toBe(998);
    call.fail(plan, INVALID_ARGUMENT, "-1");
    expect(tokens.tokens).toBe(997);
    call.fail(plan, INVALID_ARGUMENT);
    call.fail(plan, INVALID_ARGUMENT, "5");
    expect(tokens.tokens).toBe(997);
    plan.onCommittedFailed(failure(INVALID_ARGUMENT));
    expect(tokens.tokens).toBe(997);
    plan.onCommittedFailed(failure(ABORTED));
    plan.onCommittedFailed(failure(INVALID_ARGUMENT, "-1"));
    expect(tokens.tokens).toBe(995);
  });

  test("an attempt has its reason", () => {
    const { call, plan } = begin();
    call.time(plan);
    expect(call.reason).toBe("no answer within 500 ms");
    call.fail(plan, UNAVAILABLE);
    expect(call.reason).toBe("an attempt ended with UNAVAILABLE: the text");
    expect(begin({ hedgingDelayMs: 0 }).call.reason).toBe("all attempts are sent at once");
  });

  test("no wait is asked for that nobody needs", () => {
    const { call, plan } = begin({ maxAttempts: 2 });
    expect(call.fail(plan, UNAVAILABLE)).toEqual(["attempt"]);
    expect(call.fail(plan, UNAVAILABLE, "100")).toEqual(["end UNAVAILABLE"]);
  });

  test("tokens run out while it goes on", () => {
    const tokens = throttle(4);
    const { call, plan } = begin({ tokens });
    expect(call.fail(plan, UNAVAILABLE)).toEqual(["attempt", "in 500"]);
    expect(call.fail(plan, UNAVAILABLE)).toEqual(["throttled", "end UNAVAILABLE"]);
    expect(tokens.tokens).toBe(2);
  });
});
