import { BytesValueSchema } from "@bufbuild/protobuf/wkt";
import { es } from "../../src/runtime/codec-es.js";
import * as codegen from "../../src/runtime/codegen-v1.js";
import { connect, RpcError, Server, type Service, status } from "../../src/runtime/index.js";

type Bytes = { value: Uint8Array };
interface Handlers {
  greet(request: Bytes): Bytes;
  upload(call: codegen.ServerReader<Bytes, Bytes>): Promise<void>;
  download(request: Bytes, call: codegen.ServerWriter<Bytes>): Promise<void>;
}
const bytes = es(BytesValueSchema);
const methods = {
  greet: codegen.unary("/accidents.v1.Accidents/Greet", bytes, bytes),
  upload: codegen.clientStreaming("/accidents.v1.Accidents/Upload", bytes, bytes),
  download: codegen.serverStreaming("/accidents.v1.Accidents/Download", bytes, bytes),
};
const AccidentsService: Service<Handlers> = codegen.service<Handlers>("accidents.v1.Accidents", methods);

/** More than a stream's first window, so that something is left unsent when its call ends. */
const LARGE = { value: new Uint8Array(256 * 1024) };
const SMALL = { value: new Uint8Array(1) };

/** So many calls that end before their bytes are out, on one connection, each with a small call behind it; what those said that failed. */
export async function accidents(count: number): Promise<string[]> {
  const server = new Server({ onError: () => {} }).add(AccidentsService, {
    greet: (request) => request,
    async upload(call) {
      await call.recv();
      throw new RpcError(status.PERMISSION_DENIED, "quota");
    },
    async download(_, call) {
      while (await call.send(LARGE));
    },
  });
  const { port } = await server.listen("127.0.0.1:0");
  const channel = connect(`http://127.0.0.1:${port}`, { maxConnections: 1 });
  const accident = [
    async () => {
      const upload = codegen.callClientStreaming(channel, methods.upload, {});
      const sent = [upload.send(SMALL), upload.send(LARGE)];
      await upload.status;
      await Promise.allSettled(sent);
    },
    async () => {
      await codegen.callServerStreaming(channel, methods.download, SMALL, { timeoutMs: 5 }).status;
    },
    async () => {
      const upload = codegen.callClientStreaming(channel, methods.upload, {});
      const sent = [upload.send(LARGE), upload.send(LARGE)];
      upload.cancel();
      await Promise.allSettled(sent);
    },
  ];
  const refused: string[] = [];
  for (let i = 0; i < count && refused.length < 5; i++) {
    await accident[i % accident.length]!();
    await codegen.callUnary(channel, methods.greet, SMALL, {}).catch((error: unknown) => refused.push(String(error)));
  }
  await channel.close();
  await server.shutdown();
  return refused;
}
