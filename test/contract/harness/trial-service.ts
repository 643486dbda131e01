import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type BytesValue,
  BytesValueSchema,
  type Int32Value,
  Int32ValueSchema,
  type StringValue,
  StringValueSchema,
} from "@bufbuild/protobuf/wkt";
import { es } from "../../../src/runtime/codec-es.js";
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

export type BytesInit = MessageInitShape<typeof BytesValueSchema>;
export type Int32Init = MessageInitShape<typeof Int32ValueSchema>;
export type StringInit = MessageInitShape<typeof StringValueSchema>;

/** One method of each kind, over messages every installation has: what generated code would be, written by hand. */
export const trial = {
  greet: unary("/contract.v1.Trial/Greet", es(StringValueSchema), es(StringValueSchema)),
  download: serverStreaming("/contract.v1.Trial/Download", es(Int32ValueSchema), es(BytesValueSchema)),
  upload: clientStreaming("/contract.v1.Trial/Upload", es(BytesValueSchema), es(Int32ValueSchema)),
  chat: bidiStreaming("/contract.v1.Trial/Chat", es(StringValueSchema), es(StringValueSchema)),
};

export interface TrialHandlers {
  greet(request: StringValue, call: ServerCall): Promise<StringInit> | StringInit;
  download(request: Int32Value, call: ServerWriter<BytesInit>): Promise<void> | AsyncIterable<BytesInit>;
  upload(call: ServerReader<BytesValue, Int32Init>): Promise<void>;
  chat(call: ServerDuplex<StringValue, StringInit>): Promise<void> | AsyncIterable<StringInit>;
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
