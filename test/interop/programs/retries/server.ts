// Answers each attempt of a call as its metadata says, as `peers script` of go/ does: server.js. Prints a line for each attempt.
import { RpcError, Server, type ServerCall, status } from "gen-stubs-runtime";
import { DataServiceService } from "../../gen/data_grpc.js";
import { emit } from "../emit.js";
import { type Before, type Halves, NotAsScripted, playScript } from "./script.js";

interface Known extends Before {
  readonly attempts: number;
}

const calls = new Map<string, Known>();

const server = new Server({ onError: () => {} }).add(DataServiceService, {
  async getData({ id }, call) {
    let answer = "";
    await play({ call, recv: once(id), send: async (text) => (answer = text) });
    return { id: answer };
  },
  async subscribeData({ topics }, call) {
    await play({ call, recv: once(...topics), send: (topic) => call.send({ topic }) });
  },
  async uploadFile(call) {
    const recv = async () => {
      const content = (await call.recv())?.content;
      return content?.case === "data" ? new TextDecoder().decode(content.value) : undefined;
    };
    await play({ call, recv, send: (fileId) => call.sendAndClose({ fileId }) });
  },
  async chat(call) {
    const recv = async () => (await call.recv())?.message;
    await play({ call, recv, send: (message) => call.send({ message }) });
  },
});

/** What came with a call's one request, then its end. */
function once(...texts: readonly string[]): () => Promise<string | undefined> {
  const left = [...texts];
  return async () => left.shift();
}

async function play(halves: Halves): Promise<void> {
  const { call } = halves;
  const id = first(call, "x-call-id");
  const before = calls.get(id) ?? { attempts: 0, begunAt: 0, leftMs: 0 };
  const { attempts: number } = before;
  calls.set(id, { attempts: number + 1, begunAt: performance.now(), leftMs: call.timeoutMs() });
  const script = first(call, "x-script").split("|")[number];
  const told = call.metadata.get("grpc-previous-rpc-attempts").join();
  let outcome = "as scripted";
  try {
    if (script === undefined) throw new NotAsScripted("an attempt too many");
    if (told !== (number === 0 ? "" : `${number}`)) throw new NotAsScripted(`it says ${told} attempts came before`);
    await playScript(halves, script, before);
  } catch (error) {
    if (!(error instanceof NotAsScripted)) throw error;
    outcome = error.message;
    throw new RpcError(status.FAILED_PRECONDITION, outcome);
  } finally {
    emit({ event: "end", id: `${id}#${number}`, method: "attempt", outcome });
  }
}

function first(call: ServerCall, key: string): string {
  return String(call.metadata.get(key)[0] ?? "");
}

const { port } = await server.listen("127.0.0.1:0");
emit({ port });
process.once("SIGTERM", () => void server.shutdown({ graceMs: 0 }));
