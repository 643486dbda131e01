import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { Deferred } from "../../../src/runtime/core/deferred.js";

/** What a page is asked to do. */
interface Command {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

/** Calls the functions that a page gave to `expose`, where no driver does it: the page asks for them one after the other. */
export class RemotePage {
  /** Runs in the page, beside its script. */
  static readonly driver: string = `
    while (globalThis.exposed === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    for (;;) {
      const { id, name, args } = await (await fetch("/remote/next", { method: "POST" })).json();
      let answer;
      try {
        answer = { value: await exposed[name](...args) };
      } catch (error) {
        answer = { error: String(error) + "\\n" + (error?.stack ?? "") };
      }
      await fetch("/remote/" + id, { method: "POST", body: JSON.stringify(answer) });
    }`;

  readonly #commands: Command[] = [];
  readonly #answers = new Map<number, (answer: Answer) => void>();
  readonly #opened = new Deferred<void>();
  #waiting: ServerResponse | undefined;
  #last = 0;

  /** Resolves when the page has asked for something to do; rejects where it has not within a minute. */
  async opened(): Promise<void> {
    const timer = setTimeout(() => this.#opened.reject(new Error("no page has asked within a minute")), 60_000);
    await this.#opened.promise.finally(() => clearTimeout(timer));
  }

  /** As `OpenPage.run`. */
  async run<T>(name: string, ...args: unknown[]): Promise<T> {
    const id = ++this.#last;
    const answered = new Promise<Answer>((resolve) => this.#answers.set(id, resolve));
    this.#commands.push({ id, name, args });
    this.#hand();
    const { value, error } = await answered;
    if (error !== undefined) throw new Error(error);
    return value as T; // the caller knows the page's functions
  }

  /** Answers the page's own requests; whether this was one. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    const what = /^\/remote\/(next|\d+)$/.exec(request.url ?? "")?.[1];
    if (what === undefined) return false;
    if (what === "next") {
      this.#waiting = response;
      this.#opened.resolve();
      this.#hand();
    } else {
      void text(request).then((answer) => {
        response.end();
        this.#answers.get(Number(what))?.(JSON.parse(answer) as Answer); // the driver's
      });
    }
    return true;
  };

  #hand(): void {
    if (this.#waiting === undefined) return;
    const command = this.#commands.shift();
    if (command === undefined) return;
    this.#waiting.end(JSON.stringify(command));
    this.#waiting = undefined;
  }
}
