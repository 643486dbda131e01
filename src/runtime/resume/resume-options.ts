import { type OptionNames, refuseUnknown } from "../core/known-options.js";
import type { RpcError } from "../core/rpc-error.js";
import { checkActions, type StatusActions } from "./status-actions.js";

/** Identifies a message and its position in the stream: an id, a sequence number, bytes. */
export type ResumeToken = string | number | bigint | Uint8Array;

/** What `onResume` gets when a call has ended and another follows. */
export interface ResumeEvent<Token> {
  /** How many calls have ended since the last long healthy stretch: 1 for the first. */
  readonly attempt: number;
  /** Why the last call ended; undefined where it was with OK and `statuses` says to go on. */
  readonly error: RpcError | undefined;
  /** Where the next call begins: the token of the last message; undefined where none came. */
  readonly token: Token | undefined;
  /** Milliseconds until the next call. */
  readonly delayMs: number;
}

/** When, and how often, another call is made: what `resume` and `resumeUpload` share. */
export interface AttemptOptions {
  /** What follows a status; those that are not named keep their default. */
  readonly statuses?: StatusActions | undefined;
  /** Milliseconds before the second call; doubled for each further one. Default 500. */
  readonly initialBackoffMs?: number | undefined;
  /** The longest of these waits, in ms. Default 30000. */
  readonly maxBackoffMs?: number | undefined;
  /** Jitter: the fraction by which a wait is randomly longer or shorter, from 0 to 1. Default 0.2, as gRFC A6 has it. */
  readonly jitter?: number | undefined;
  /** After so many ms with answers a call counts as healthy, and the backoff begins anew. Default 10000. */
  readonly healthyAfterMs?: number | undefined;
  /** After so many calls without a healthy stretch the last error is thrown. Default Infinity. */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds without any sign of the server, while it is waited for, after which a call is given up as DEADLINE_EXCEEDED. Default: none. */
  readonly idleTimeoutMs?: number | undefined;
  /** Ends everything, a wait too, when it aborts: CANCELLED. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link resume} may be told. */
export interface ResumeOptions<Message, Token extends ResumeToken> extends AttemptOptions {
  /**
   * The token of a message. It must tell the message from all others of the stream: a second one with the same token is taken for
   * a repetition. `undefined`: this message has none; it is delivered, and the stream does not go on behind it.
   */
  readonly token: (message: Message) => Token | undefined;
  /** Where the first call begins: the last token of an earlier run. Default: from the beginning. */
  readonly after?: Token | undefined;
  /** How many tokens are remembered, the latest, so that none is delivered twice. Default 10000. */
  readonly rememberTokens?: number | undefined;
  /** Hears of every end that is followed by another call, before the wait. What it throws ends the reader with CANCELLED. */
  readonly onResume?: ((event: ResumeEvent<Token>) => void) | undefined;
  /** Hears the token of every message that was left out because it had been delivered. What it throws ends the reader with CANCELLED. */
  readonly onDuplicate?: ((token: Token) => void) | undefined;
}

/** {@link AttemptOptions} with the defaults filled in. */
export interface Attempts {
  readonly statuses: StatusActions | undefined;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly jitter: number;
  readonly healthyAfterMs: number;
  readonly maxAttempts: number;
  readonly idleTimeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The names of {@link AttemptOptions}. */
export const ATTEMPT_NAMES: OptionNames<AttemptOptions> = {
  statuses: true,
  initialBackoffMs: true,
  maxBackoffMs: true,
  jitter: true,
  healthyAfterMs: true,
  maxAttempts: true,
  idleTimeoutMs: true,
  signal: true,
};

const NAMES: OptionNames<ResumeOptions<unknown, ResumeToken>> = {
  ...ATTEMPT_NAMES,
  token: true,
  after: true,
  rememberTokens: true,
  onResume: true,
  onDuplicate: true,
};

/** Throws a TypeError for options that `resume` cannot go by. */
export function checkResumeOptions<Message, Token extends ResumeToken>(
  options: ResumeOptions<Message, Token>,
): Attempts {
  refuseUnknown(options, NAMES, "resume");
  if (typeof options.token !== "function") throw new TypeError("resume needs token: (message) => its token");
  atLeast("rememberTokens", options.rememberTokens ?? 1, 1);
  return resolveAttempts(options);
}

/** Fills in the defaults. Throws a TypeError for values that are none. */
export function resolveAttempts(options: AttemptOptions): Attempts {
  const { statuses, idleTimeoutMs, signal, jitter = 0.2 } = options;
  checkActions(statuses);
  if (!(jitter >= 0 && jitter <= 1)) throw new TypeError(`jitter is ${jitter}; it takes a number from 0 to 1`);
  if (idleTimeoutMs !== undefined && !(idleTimeoutMs > 0)) {
    throw new TypeError(`idleTimeoutMs is ${idleTimeoutMs}; it takes milliseconds, more than 0`);
  }
  return {
    statuses,
    initialBackoffMs: atLeast("initialBackoffMs", options.initialBackoffMs ?? 500, 0),
    maxBackoffMs: atLeast("maxBackoffMs", options.maxBackoffMs ?? 30_000, 0),
    jitter,
    healthyAfterMs: atLeast("healthyAfterMs", options.healthyAfterMs ?? 10_000, 0),
    maxAttempts: atLeast("maxAttempts", options.maxAttempts ?? Number.POSITIVE_INFINITY, 1),
    idleTimeoutMs,
    signal,
  };
}

function atLeast(name: string, value: number, least: number): number {
  if (!(value >= least)) throw new TypeError(`${name} is ${value}; it takes a number, at least ${least}`);
  return value;
}
