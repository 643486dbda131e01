import { notPromised } from "../core/not-promised.js";
import { observe } from "../core/observe.js";
import { QueuedMessages } from "./queued-messages.js";
import type { ResumeOptions, ResumeToken } from "./resume-options.js";
import { SeenTokens } from "./seen-tokens.js";

const DEFAULT_REMEMBERED = 10_000;

/** The error of a user's function. */
export interface ThrownBy {
  readonly name: "token" | "onDuplicate";
  readonly cause: unknown;
}

/** Joins the messages of several calls into one queue without duplicates, and keeps the token after which the next call begins. */
export class Delivery<Message, Token extends ResumeToken> {
  readonly queue: QueuedMessages<Message> = new QueuedMessages();
  readonly #options: ResumeOptions<Message, Token>;
  readonly #seen: SeenTokens;
  #token: Token | undefined;

  /** @throws TypeError where `after` is no token */
  constructor(options: ResumeOptions<Message, Token>) {
    this.#options = options;
    this.#seen = new SeenTokens(options.rememberTokens ?? DEFAULT_REMEMBERED);
    this.#token = options.after;
    if (options.after !== undefined) this.#seen.add(options.after);
  }

  /** That of the last message that has one. */
  get token(): Token | undefined {
    return this.#token;
  }

  /** Queues what has not been delivered, up to a message about which a function of the user's throws, or ends everything. */
  take(batch: readonly Message[], compressed: boolean | undefined, isOver: () => boolean): ThrownBy | undefined {
    const { token, onDuplicate } = this.#options;
    this.queue.compressed = compressed;
    let name: ThrownBy["name"] = "token";
    try {
      for (const message of batch) {
        name = "token";
        const key = notPromised(token(message), name);
        if (key === undefined || this.#seen.add(key)) {
          this.queue.push(message);
          if (key !== undefined) this.#token = key;
          continue;
        }
        name = "onDuplicate";
        observe(onDuplicate?.(key));
        if (isOver()) return undefined;
      }
    } catch (cause) {
      return { name, cause };
    }
    return undefined;
  }
}
