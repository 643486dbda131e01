import type { CallSite } from "../../core/call-site.js";
import type { CalledMethod } from "../../core/method.js";
import type { StatusObject } from "../../core/rpc-error.js";
import * as Code from "../../core/status-code.js";
import type { ClientStream } from "../../transport/transport.js";
import { SingleMessage } from "../single-message.js";
import { ClientCallCore } from "./call-core.js";
import type { CallOptions } from "./call-options.js";
import type { ClientCallParts, ErrorOfCall } from "./call-parts.js";

/** A call with one response. */
export abstract class SingleResponse<InInit, Out> implements ClientCallParts<InInit, Out> {
  readonly core: ClientCallCore<InInit, Out>;
  readonly #receiving: SingleMessage<Out>;

  constructor(method: CalledMethod<InInit, Out>, options: CallOptions, site: CallSite | undefined) {
    this.core = new ClientCallCore(method, options, this, site);
    this.#receiving = new SingleMessage(this.core);
  }

  /** The response; only where the call ended with OK. */
  get response(): Out {
    return this.#receiving.message;
  }

  get compressed(): boolean | undefined {
    return this.#receiving.compressed;
  }

  get isBehind(): boolean {
    return false;
  }

  begun(stream: ClientStream<InInit, Out>): void {
    this.#receiving.source = stream.received;
  }

  onReadable(): void {
    this.#receiving.onReadable();
  }

  onDrain(): void {}

  judge(status: StatusObject): StatusObject {
    if (status.code !== Code.OK || this.#receiving.complete) return status;
    const details = "the server ended with OK but sent no response";
    return { code: Code.UNIMPLEMENTED, details, metadata: status.metadata };
  }

  abstract ended(error: ErrorOfCall | undefined): void;
}
