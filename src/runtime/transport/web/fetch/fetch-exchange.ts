import { joinBytes } from "../../../core/bytes.js";
import { Deferred, ignore } from "../../../core/deferred.js";
import type { CallTls } from "../../transport.js";
import type { Exchange, ExchangeListener, Headers } from "../exchange.js";

/** Bytes of a request's body that may lie unread here before no more is read. */
const UNREAD_BYTES = 64 * 1024;
const NO_BODY_STATUS = new Set([204, 304]);

/** One exchange as the Fetch standard has it: a Request, and the Response that is promised. */
export class FetchExchange implements Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Headers;
  readonly peer: string;
  readonly tls: CallTls | undefined = undefined;
  readonly authority: string;
  readonly takesTrailers: boolean = false;
  readonly tellsWhenSent: boolean = true;
  readonly maxHeaderBytes: number;
  readonly headerLimitOwner: string = "(maxMetadataBytes)";
  readonly answerHeaders: string[] = [];
  readonly #request: Request;
  readonly #response = new Deferred<Response>();
  #listener: ExchangeListener | undefined;
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  #queued = 0;
  /** Whoever reads the answer asked for more than there was. */
  #pulled = 0;
  #pieces: Uint8Array[] = [];
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #unread = 0;
  #resume: (() => void) | undefined;
  #finished = false;
  #over = false;

  constructor(request: Request, path: string, peer: string, maxHeaderBytes: number) {
    this.#request = request;
    this.maxHeaderBytes = maxHeaderBytes;
    this.peer = peer;
    this.method = request.method;
    const url = new URL(request.url);
    this.path = path;
    this.query = url.search.slice(1);
    this.authority = request.headers.get("host") ?? url.host;
    const headers: string[] = [];
    request.headers.forEach((value, name) => void headers.push(name, value));
    this.headers = headers;
    request.signal.addEventListener("abort", () => this.#reset("the client cancelled the call"), { once: true });
  }

  /** Comes with the head of the answer. */
  get response(): Promise<Response> {
    return this.#response.promise;
  }

  get wasRead(): boolean {
    return this.#request.bodyUsed;
  }

  get queuedBytes(): number {
    return this.#over ? 0 : this.#queued;
  }

  listen(listener: ExchangeListener): void {
    this.#listener = listener;
    void this.#read(listener);
  }

  sendHead(httpStatus: number, headers: Headers): void {
    if (this.#over || this.#finished) return;
    const body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#body = controller;
        },
        pull: () => this.#pull(),
        cancel: () => this.#reset("the client cancelled the call"),
      },
      { highWaterMark: 0 },
    );
    this.#response.resolve(new Response(body, { status: httpStatus, headers: this.#headersOf(headers) }));
  }

  send(bytes: Uint8Array): void {
    if (this.#over || this.#finished) return;
    this.#pieces.push(bytes);
    this.#queued += bytes.length;
    if (this.#pulled > 0) this.#give();
  }

  finish(_trailers: Headers | undefined): void {
    if (this.#over || this.#finished) return;
    this.#finished = true;
    if (this.#pieces.length === 0) this.#close();
  }

  respond(httpStatus: number, headers: Headers, body: Uint8Array): void {
    if (this.#over || this.#finished) return;
    this.#finished = true;
    const init = { status: httpStatus, headers: this.#headersOf(headers) };
    // A copy's type: the standard's types want to know that no other thread writes to it.
    const content = NO_BODY_STATUS.has(httpStatus) ? null : new Uint8Array(body);
    this.#response.resolve(new Response(content, init));
    this.#over = true;
  }

  dropRequest(): void {
    this.#resume?.();
    void this.#reader?.cancel().catch(ignore);
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    const error = new Error("the call was ended");
    this.#body?.error(error);
    this.#response.reject(error); // where there is no answer yet
    this.dropRequest();
  }

  consumed(bytes: number): void {
    this.#unread -= bytes;
    if (this.#unread > UNREAD_BYTES / 2) return;
    this.#resume?.();
  }

  async #read(listener: ExchangeListener): Promise<void> {
    try {
      const { body } = this.#request;
      if (body !== null) {
        const reader: ReadableStreamDefaultReader<Uint8Array> = body.getReader();
        this.#reader = reader;
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          this.#unread += value.length;
          listener.onData(value, 0, value.length);
          if (this.#unread > UNREAD_BYTES) {
            await new Promise<void>((resolve) => {
              this.#resume = resolve;
            });
            this.#resume = undefined;
          }
          if (this.#over) return;
        }
      } else {
        await undefined; // not from within `listen`
      }
      listener.onEnd();
    } catch {
      this.#reset("the request broke off");
    }
  }

  #headersOf(headers: Headers): [string, string][] {
    const pairs: [string, string][] = [];
    const all = [...this.answerHeaders, ...headers];
    for (let at = 0; at + 1 < all.length; at += 2) pairs.push([all[at]!, all[at + 1]!]);
    return pairs;
  }

  #pull(): void {
    this.#pulled++;
    if (this.#pieces.length === 0) return;
    this.#give();
    this.#listener?.onWritable();
  }

  /** Everything that waits goes as one piece. */
  #give(): void {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#pulled = 0;
    const bytes = pieces.length === 1 ? pieces[0]! : joinBytes(pieces);
    this.#queued = 0;
    this.#body?.enqueue(bytes);
    if (this.#finished) this.#close();
  }

  #close(): void {
    this.#over = true;
    this.#body?.close();
  }

  #reset(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#pieces = [];
    this.#response.reject(new Error(why));
    this.#listener?.onReset(why);
  }
}
