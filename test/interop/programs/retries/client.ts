// Calls that are sent again, against a server that does what each says: client.js TARGET
import { type Channel, type ClientReader, connect, RpcError, type ServiceConfig, status } from "gen-stubs-runtime";
import { DataServiceClient } from "../../gen/data_grpc.js";
import { emit } from "../emit.js";
import { expectEqual } from "../guides/expect.js";
import { type RetryCase, retryCases, throttling, usual } from "./cases.js";

const METHODS = { unary: "GetData", server: "SubscribeData", client: "UploadFile", bidi: "Chat" } as const;

const none = (): never => {
  throw new Error("a call of this kind cannot");
};

const [target = ""] = process.argv.slice(2);
for (const one of retryCases) await judge(one.name, one.attempts.length, () => run(one));
await runThrottling();

async function judge(name: string, attempts: number, run: () => Promise<void>): Promise<void> {
  try {
    await run();
    emit({ case: name, attempts, ok: true });
  } catch (error) {
    emit({ case: name, attempts, ok: false, detail: error instanceof Error ? error.message : String(error) });
  }
}

async function run({ name, kind, attempts, client, policy, timeoutMs, bufferBytesPerCall }: RetryCase): Promise<void> {
  const serviceConfig: ServiceConfig = {
    methodConfig: [{ name: [{ service: "streaming.DataService", method: METHODS[kind] }], ...(policy ?? usual) }],
  };
  await using channel = connect(`http://${target}`, { serviceConfig, retries: { bufferBytesPerCall } });
  const metadata = { "x-call-id": name, "x-script": attempts.join("|") };
  const call = begin(kind, channel, { metadata, timeoutMs: timeoutMs ?? 30_000 });
  for (const step of client.split(" ")) {
    if (step === "header") expectEqual("header", (await call.header()).get("x-header"), ["yes"]);
    else if (step === "half") await call.half();
    else if (step.startsWith("<")) expectEqual("answer", await call.recv(), step.slice(1));
    else if (/^[A-Z_]+$/.test(step)) expectEqual("status", await call.end(), step);
    else await call.send(step);
  }
}

/** A call of any kind, by its texts. */
interface AnyCall {
  send(text: string): Promise<unknown>;
  half(): Promise<unknown>;
  header(): Promise<{ get(key: string): unknown }>;
  recv(): Promise<string | undefined>;
  /** The name of its status. */
  end(): Promise<string>;
}

interface Options {
  readonly metadata: Record<string, string>;
  readonly timeoutMs: number;
}

function begin(kind: RetryCase["kind"], channel: Channel, options: Options): AnyCall {
  const data = new DataServiceClient(channel);
  switch (kind) {
    case "unary":
      return single(data.getData({ id: "1" }, options).then(({ id }) => id));
    case "server":
      return reading(data.subscribeData({ topics: ["1"] }, options), ({ topic }) => topic);
    case "client": {
      const upload = data.uploadFile(options);
      let answer: Promise<string> | undefined;
      const answered = (): Promise<string> => {
        answer ??= upload.closeAndRecv().then(({ fileId }) => fileId);
        return answer;
      };
      return {
        ...single(undefined),
        header: () => upload.header,
        send: (text) => upload.send({ content: { case: "data", value: new TextEncoder().encode(text) } }),
        half: async () => void answered().catch(() => {}),
        recv: answered,
        end: async () => status[(await upload.status).code],
      };
    }
    case "bidi": {
      const chat = data.chat(options);
      return {
        ...reading(chat, ({ message }) => message),
        send: (message) => chat.send({ message }),
        half: () => chat.closeSend(),
      };
    }
  }
}

function single(answer: Promise<string> | undefined): AnyCall {
  answer?.catch(() => {}); // where a case goes wrong before it is awaited
  const end = async (): Promise<string> => {
    try {
      await answer;
      return "OK";
    } catch (error) {
      return error instanceof RpcError ? status[error.code] : String(error);
    }
  };
  return { send: none, half: none, header: none, recv: async () => await answer, end };
}

function reading<Out>(call: ClientReader<Out>, textOf: (message: Out) => string): AnyCall {
  return {
    send: none,
    half: none,
    header: () => call.header,
    recv: async () => {
      const message = await call.recv();
      return message === undefined ? undefined : textOf(message);
    },
    async end() {
      const { code } = await call.status;
      return status[code];
    },
  };
}

/** The tokens of one channel, over several calls. */
async function runThrottling(): Promise<void> {
  const methodConfig = [{ name: [{}], ...usual }];
  await using channel = connect(`http://${target}`, {
    serviceConfig: { methodConfig, retryThrottling: throttling.rule },
  });
  for (const [index, { attempts, ends, tokens }] of throttling.calls.entries()) {
    const name = `${throttling.name} ${index + 1}`;
    await judge(name, attempts.length, async () => {
      const metadata = { "x-call-id": name, "x-script": attempts.join("|") };
      expectEqual("status", await begin("unary", channel, { metadata, timeoutMs: 30_000 }).end(), ends);
      expectEqual("tokens", channel.stats?.().retries?.tokens, tokens);
    });
  }
}
