import type { BytesValue, Int32Value, StringValue } from "@bufbuild/protobuf/wkt";
import {
  bidiStreaming,
  type CallOptions,
  type Channel,
  type ClientDuplex,
  type ClientReader,
  type ClientWriter,
  callBidiStreaming,
  callClientStreaming,
  callServerStreaming,
  callUnary,
  clientStreaming,
  type ManyResponses,
  type OneResponse,
  type ServerCall,
  type ServerDuplex,
  type ServerReader,
  type ServerWriter,
  type Service,
  serverStreaming,
  service,
  unary,
  unimplemented,
} from "../../../src/runtime/codegen-v1.js";
import { type BytesInit, codecs, type Int32Init, type StringInit } from "./codecs.js";

export type { BytesInit, Int32Init, StringInit };

/** One method of each kind, over messages every installation has: what generated code would be, written by hand. */
export const trial = {
  greet: unary("/contract.v1.Trial/Greet", codecs.string, codecs.string),
  download: serverStreaming("/contract.v1.Trial/Download", codecs.int32, codecs.bytes),
  upload: clientStreaming("/contract.v1.Trial/Upload", codecs.bytes, codecs.int32),
  chat: bidiStreaming("/contract.v1.Trial/Chat", codecs.string, codecs.string),
};

export interface TrialHandlers {
  greet(request: StringValue, call: ServerCall): Promise<StringInit> | StringInit;
  download(request: Int32Value, call: ServerWriter<BytesInit>): ManyResponses<BytesInit>;
  upload(call: ServerReader<BytesValue, Int32Init>): OneResponse<Int32Init>;
  chat(call: ServerDuplex<StringValue, StringInit>): ManyResponses<StringInit>;
}

export const TrialService: Service<TrialHandlers> = service("contract.v1.Trial", trial);

/** The handlers a test gives, and UNIMPLEMENTED for the rest. */
export function withDefaults(handlers: Partial<TrialHandlers>): TrialHandlers {
  return {
    greet: () => unimplemented(trial.greet.path),
    download: () => unimplemented(trial.download.path),
    upload: () => unimplemented(trial.upload.path),
    chat: () => unimplemented(trial.chat.path),
    ...handlers,
  };
}

export class TrialClient {
  /** Whether its channel carries bidirectional streams. */
  readonly bidi: boolean = true;
  readonly #channel: Channel;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  greet(request: StringInit, options?: CallOptions): Promise<StringValue> {
    return callUnary(this.#channel, trial.greet, request, options);
  }

  download(request: Int32Init, options?: CallOptions): ClientReader<BytesValue> {
    return callServerStreaming(this.#channel, trial.download, request, options);
  }

  upload(options?: CallOptions): ClientWriter<BytesInit, Int32Value> {
    return callClientStreaming(this.#channel, trial.upload, options);
  }

  chat(options?: CallOptions): ClientDuplex<StringInit, StringValue> {
    return callBidiStreaming(this.#channel, trial.chat, options);
  }
}
