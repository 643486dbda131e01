import type { Metadata } from "../../core/metadata.js";
import { HookedMessages } from "../hooked-messages.js";
import type { ClientMessageHooks, OutgoingCall } from "./interceptor.js";

/**
 * What the interceptors of one call do with its messages and headers: the outermost is the first with what is sent, and the last with
 * what comes back. Counts the messages that pass. What a hook throws is thrown.
 */
export class HookChain<Out> {
  /** The responses, as the caller gets them. */
  readonly received: HookedMessages<Out> = new HookedMessages((message) => this.#received(message));
  /** The outermost first. */
  readonly #hooks: ClientMessageHooks[] = [];
  #sent = 0;
  #taken = 0;

  /** The hooks of the next interceptor inwards. */
  add(hooks: ClientMessageHooks): void {
    this.#hooks.push(hooks);
  }

  /** How many the caller sent, and how many came back, read or not. */
  get counts(): OutgoingCall["messages"] {
    return { sent: this.#sent, received: this.#taken + this.received.waiting };
  }

  sent<Message>(message: Message): Message {
    this.#sent++;
    let seen = message;
    for (const { sent } of this.#hooks) seen = (sent?.(seen) as Message | undefined) ?? seen; // replaced by its like
    return seen;
  }

  header(header: Metadata): void {
    for (const { header: sees } of this.#hooks.toReversed()) sees?.(header);
  }

  #received(message: Out): Out {
    this.#taken++;
    let seen = message;
    for (const { received } of this.#hooks.toReversed()) seen = (received?.(seen) as Out | undefined) ?? seen; // as above
    return seen;
  }
}
