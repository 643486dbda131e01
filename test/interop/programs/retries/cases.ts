import type { ServiceConfig } from "gen-stubs-runtime";

type MethodConfig = NonNullable<ServiceConfig["methodConfig"]>[number];

/** One call, and what each of its attempts gets from the server. */
export interface RetryCase {
  readonly name: string;
  readonly kind: "unary" | "server" | "client" | "bidi";
  /** As go/script_server.go reads them. */
  readonly attempts: readonly string[];
  /**
   * What the client does: `1` sends it, `<1` awaits it, `header` awaits the header, `half` closes the sending side, a code is how the call
   * ends. The request of unary calls and server streams is `1`.
   */
  readonly client: string;
  readonly policy?: Omit<MethodConfig, "name">;
  readonly timeoutMs?: number;
  /** Of the client. Default: 256 KiB. */
  readonly bufferBytesPerCall?: number;
}

const retryPolicy = {
  maxAttempts: 4,
  initialBackoff: "0.01s",
  maxBackoff: "0.02s",
  backoffMultiplier: 1,
  retryableStatusCodes: ["UNAVAILABLE"],
} as const;

/** The policy where a case has none of its own. */
export const usual = { retryPolicy };

const hedgingPolicy = { maxAttempts: 3, hedgingDelay: "0.05s", nonFatalStatusCodes: ["UNAVAILABLE"] } as const;
const BIG = "x".repeat(5_000);

/** What grpc-go's test/retry_test.go and gRPC's C core (test/core/end2end/tests/retry_*) ask of a client, in our words. */
export const retryCases: readonly RetryCase[] = [
  // One of each kind.
  { name: "unary", kind: "unary", attempts: ["<1 UNAVAILABLE", "<1 half 2 OK"], client: "<2 OK" },
  { name: "server stream", kind: "server", attempts: ["UNAVAILABLE", "<1 2 3 OK"], client: "<2 <3 OK" },
  { name: "client stream", kind: "client", attempts: ["<1 UNAVAILABLE", "<1 <2 half 3 OK"], client: "1 2 half <3 OK" },
  { name: "bidi", kind: "bidi", attempts: ["<1 UNAVAILABLE", "<1 2 <3 half OK"], client: "1 <2 3 half OK" },
  // What is sent again, and what is not.
  { name: "another code", kind: "bidi", attempts: ["<1 INTERNAL"], client: "1 INTERNAL" },
  { name: "the most attempts", kind: "unary", attempts: Array(4).fill("UNAVAILABLE"), client: "UNAVAILABLE" },
  {
    name: "no more than five, whatever the policy says",
    kind: "unary",
    attempts: Array(5).fill("UNAVAILABLE"),
    client: "UNAVAILABLE",
    policy: { retryPolicy: { ...retryPolicy, maxAttempts: 9 } },
  },
  { name: "several requests", kind: "bidi", attempts: ["<1 <2 UNAVAILABLE", "<1 <2 5 OK"], client: "1 2 <5 OK" },
  {
    name: "requests that come one by one",
    kind: "bidi",
    attempts: ["<1 UNAVAILABLE", "<1 <2 UNAVAILABLE", "<1 <2 <3 5 OK"],
    client: "1 2 3 <5 OK",
  },
  {
    name: "the half-close is sent again",
    kind: "bidi",
    attempts: ["<1 <2 half UNAVAILABLE", "<1 <2 half 1 3 5 OK"],
    client: "1 2 half <1 <3 <5 OK",
  },
  { name: "a failure before any request", kind: "bidi", attempts: ["UNAVAILABLE", "<1 2 OK"], client: "1 <2 OK" },
  { name: "no request at all", kind: "bidi", attempts: ["UNAVAILABLE", "half 7 OK"], client: "half <7 OK" },
  { name: "OK without a message", kind: "bidi", attempts: ["<1 UNAVAILABLE", "<1 OK"], client: "1 OK" },
  {
    name: "the last attempt's code is the call's",
    kind: "bidi",
    attempts: ["UNAVAILABLE", "UNAVAILABLE", "DATA_LOSS"],
    client: "DATA_LOSS",
  },
  // When a call is committed.
  { name: "none after a message", kind: "bidi", attempts: ["<1 3 UNAVAILABLE"], client: "1 <3 UNAVAILABLE" },
  { name: "none after a header", kind: "bidi", attempts: ["<1 header UNAVAILABLE"], client: "1 header UNAVAILABLE" },
  {
    name: "none after more than is kept",
    kind: "client",
    attempts: [`<${BIG} <${BIG} UNAVAILABLE`],
    client: `${BIG} ${BIG} UNAVAILABLE`,
    bufferBytesPerCall: 8_000,
  },
  // Pushback.
  { name: "pushback -1", kind: "unary", attempts: ["push=-1 UNAVAILABLE"], client: "UNAVAILABLE" },
  { name: "pushback that is no number", kind: "unary", attempts: ["push=xxx UNAVAILABLE"], client: "UNAVAILABLE" },
  { name: "two pushbacks", kind: "unary", attempts: ["push=100 push=10 UNAVAILABLE"], client: "UNAVAILABLE" },
  { name: "pushback 0", kind: "unary", attempts: ["push=0 UNAVAILABLE", "2 OK"], client: "<2 OK" },
  {
    name: "pushback 400, then the policy's wait",
    kind: "unary",
    attempts: ["push=400 UNAVAILABLE", "after=400 UNAVAILABLE", "2 OK"],
    client: "<2 OK",
  },
  { name: "pushback of another code", kind: "unary", attempts: ["push=0 INTERNAL"], client: "INTERNAL" },
  // Time.
  {
    name: "each attempt has the time that is left",
    kind: "unary",
    attempts: ["UNAVAILABLE", "less UNAVAILABLE", "less 2 OK"],
    client: "<2 OK",
    timeoutMs: 20_000,
  },
  {
    name: "the deadline ends a wait between attempts",
    kind: "unary",
    attempts: ["push=60000 UNAVAILABLE"],
    client: "DEADLINE_EXCEEDED",
    timeoutMs: 300,
  },
  // Hedging.
  {
    name: "hedged: the first answer counts, the other is cancelled",
    kind: "unary",
    attempts: ["<1 hang", "<1 2 OK"],
    client: "<2 OK",
    policy: { hedgingPolicy: { ...hedgingPolicy, maxAttempts: 2 } },
  },
  {
    name: "hedged: at once after a code that is not fatal",
    kind: "unary",
    attempts: ["UNAVAILABLE", "UNAVAILABLE", "2 OK"],
    client: "<2 OK",
    policy: { hedgingPolicy: { ...hedgingPolicy, hedgingDelay: "60s" } },
  },
  {
    name: "hedged: a fatal code ends the call",
    kind: "unary",
    attempts: ["hang", "INTERNAL"],
    client: "INTERNAL",
    policy: { hedgingPolicy: { ...hedgingPolicy, maxAttempts: 2 } },
  },
  {
    name: "hedged: pushback -1",
    kind: "unary",
    attempts: ["push=-1 UNAVAILABLE"],
    client: "UNAVAILABLE",
    policy: { hedgingPolicy: { ...hedgingPolicy, hedgingDelay: "60s" } },
  },
  {
    name: "hedged: requests of a stream reach each attempt",
    kind: "client",
    attempts: ["<1 <2 hang", "<1 <2 half 3 OK"],
    client: "1 2 half <3 OK",
    policy: { hedgingPolicy: { ...hedgingPolicy, maxAttempts: 2 } },
  },
];

/** One channel with four tokens: calls one after the other, the tokens that are left behind each. */
export const throttling = {
  name: "throttling",
  rule: { maxTokens: 4, tokenRatio: 0.5 },
  calls: [
    { attempts: ["UNAVAILABLE", "2 OK"], ends: "OK", tokens: 3.5 },
    { attempts: ["UNAVAILABLE", "UNAVAILABLE"], ends: "UNAVAILABLE", tokens: 1.5 },
    { attempts: ["UNAVAILABLE"], ends: "UNAVAILABLE", tokens: 0.5 },
    { attempts: ["2 OK"], ends: "OK", tokens: 1 },
    { attempts: ["2 OK"], ends: "OK", tokens: 1.5 },
    { attempts: ["2 OK"], ends: "OK", tokens: 2 },
    { attempts: ["2 OK"], ends: "OK", tokens: 2.5 },
    { attempts: ["2 OK"], ends: "OK", tokens: 3 },
    { attempts: ["2 OK"], ends: "OK", tokens: 3.5 },
    { attempts: ["UNAVAILABLE", "2 OK"], ends: "OK", tokens: 3 },
  ],
} as const;
