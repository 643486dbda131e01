import type { CalledMethod } from "../../core/method.js";
import type { StatusObject } from "../../core/rpc-error.js";
import { status as Status } from "../../core/status.js";
import type { Channel, StartOptions } from "../../transport/transport.js";
import { Attempt, type AttemptOwner } from "./attempt.js";
import type { RetryCounts } from "./counts.js";
import type { EncodedRequest } from "./encoded-request.js";

/** How many attempts came before (gRFC A6, "Exposed Retry Metadata"); absent in the first. */
export const PREVIOUS_ATTEMPTS = "grpc-previous-rpc-attempts";

/** The attempts of one call: how each begins, which have no status yet, and where they went. */
export class Attempts<InInit, Out> {
  readonly #channel: Channel;
  readonly #method: CalledMethod<InInit | EncodedRequest, Out>;
  readonly #options: StartOptions;
  readonly #owner: AttemptOwner<InInit, Out>;
  readonly #counts: RetryCounts;
  /** Those that have no status yet, the oldest first. */
  #open: readonly Attempt<InInit, Out>[] = [];
  #latest: Attempt<InInit, Out> | undefined;
  #begun = 0;
  /** Where earlier attempts went; undefined where that is not known of any. */
  #tried: Set<string> | undefined;

  constructor(
    channel: Channel,
    method: CalledMethod<InInit | EncodedRequest, Out>,
    options: StartOptions,
    owner: AttemptOwner<InInit, Out>,
    counts: RetryCounts,
  ) {
    this.#channel = channel;
    this.#method = method;
    this.#options = options;
    this.#owner = owner;
    this.#counts = counts;
  }

  get open(): readonly Attempt<InInit, Out>[] {
    return this.#open;
  }

  get latest(): Attempt<InInit, Out> | undefined {
    return this.#latest;
  }

  /** How many have been started. */
  get begun(): number {
    return this.#begun;
  }

  /** The open one that has sent the most: all were given all there is, so it is one that has room. */
  get furthest(): Attempt<InInit, Out> | undefined {
    return this.#open.find(({ hasRoom }) => hasRoom) ?? this.#open[0];
  }

  start(): Attempt<InInit, Out> {
    const previous = this.#begun++;
    const attempt = new Attempt<InInit, Out>(previous, this.#owner);
    const options = previous === 0 ? this.#options : this.#furtherOptions(previous);
    this.#counts.openAttempts++;
    this.#open = [...this.#open, attempt];
    attempt.stream = this.#channel.start(this.#method, options, attempt);
    this.#latest = attempt;
    return attempt;
  }

  /** An attempt has its status. */
  ended(attempt: Attempt<InInit, Out>, { code }: StatusObject): void {
    this.#counts.openAttempts--;
    this.#open = this.#open.filter((one) => one !== attempt);
    if (code === Status.OK) return;
    this.#counts.extraFailures++;
    this.#noteServer(attempt);
  }

  /** Cancels those that are open, but for one. */
  keepOnly(kept: Attempt<InInit, Out> | undefined): void {
    const others = this.#open.filter((one) => one !== kept);
    if (others.length === 0) return;
    this.#open = this.#open.filter((one) => one === kept);
    for (const attempt of others) {
      attempt.dropped = true;
      this.#counts.openAttempts--;
      this.#counts.extraFailures++;
      attempt.stream.cancel(Status.CANCELLED, "the call needs this attempt no longer");
    }
  }

  #furtherOptions(previous: number): StartOptions {
    const metadata = this.#options.metadata.clone(); // the first attempt may keep its own
    metadata.set(PREVIOUS_ATTEMPTS, String(previous));
    for (const attempt of this.#open) this.#noteServer(attempt);
    return { ...this.#options, metadata, tried: this.#tried };
  }

  #noteServer(attempt: Attempt<InInit, Out>): void {
    const server = attempt.stream.connection?.server;
    if (server === undefined) return;
    this.#tried ??= new Set();
    this.#tried.add(server);
  }
}
