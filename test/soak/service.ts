import { BytesValueSchema, Int32ValueSchema } from "@bufbuild/protobuf/wkt";
import { RpcError, Server, type Service, status } from "gen-stubs-runtime";
import { es } from "gen-stubs-runtime/codec-es";
import * as codegen from "gen-stubs-runtime/codegen-v1";

export const soak = {
  unary: codegen.unary("/soak.v1.Soak/Unary", es(BytesValueSchema), es(BytesValueSchema)),
  download: codegen.serverStreaming("/soak.v1.Soak/Download", es(Int32ValueSchema), es(BytesValueSchema)),
  upload: codegen.clientStreaming("/soak.v1.Soak/Upload", es(BytesValueSchema), es(Int32ValueSchema)),
  reject: codegen.clientStreaming("/soak.v1.Soak/Reject", es(BytesValueSchema), es(Int32ValueSchema)),
  chat: codegen.bidiStreaming("/soak.v1.Soak/Chat", es(BytesValueSchema), es(BytesValueSchema)),
};
export type Bytes = { value: Uint8Array };
interface Handlers {
  unary(request: Bytes): Bytes;
  download(request: { value: number }, call: codegen.ServerWriter<Bytes>): Promise<void>;
  upload(call: codegen.ServerReader<Bytes, { value: number }>): Promise<void>;
  reject(call: codegen.ServerReader<Bytes, { value: number }>): Promise<void>;
  chat(call: codegen.ServerDuplex<Bytes, Bytes>): Promise<void>;
}
const SoakService: Service<Handlers> = codegen.service<Handlers>("soak.v1.Soak", soak);

/** A server of all kinds that knows how many handlers run. */
export class SoakServer {
  #open = 0;
  readonly server: Server;

  constructor() {
    this.server = new Server({ onError: () => {} }).add(SoakService, {
      unary: (request) => request,
      download: ({ value }, call) =>
        this.#counted(async () => {
          for (let i = 0; i < value; i++) await call.send(chunk());
        }),
      upload: (call) =>
        this.#counted(async () => {
          let value = 0;
          for await (const one of call) value += one.value.length > 0 ? 1 : 0;
          await call.sendAndClose({ value });
        }),
      // Nothing of the upload is read: what the client has sent by then stays in the connection's windows.
      reject: () =>
        this.#counted(async () => {
          throw new RpcError(status.PERMISSION_DENIED, "not for you");
        }),
      chat: (call) =>
        this.#counted(async () => {
          for await (const one of call) await call.send(one);
        }),
    });
  }

  get open(): number {
    return this.#open;
  }

  async #counted(work: () => Promise<void>): Promise<void> {
    this.#open++;
    try {
      await work();
    } finally {
      this.#open--;
    }
  }
}

export function chunk(max = 2000): Bytes {
  return { value: new Uint8Array(1 + Math.floor(Math.random() * max)) };
}
