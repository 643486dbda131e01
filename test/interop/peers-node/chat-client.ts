// The Chat service called with plain grpc-js and event handlers: chat-client.js FOLDER TARGET ID CASES
import { type ClientDuplexStream, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { type ChatMessage, loadChat } from "./chat-package.js";
import { emit } from "./emit.js";

type Call = ClientDuplexStream<ChatMessage, ChatMessage>;
type Case = (open: (metadata?: Metadata, timeoutMs?: number) => Call) => Promise<void>;

/** Collects what a call brings until it is over. */
function listen(call: Call, onData: (message: ChatMessage, count: number) => void) {
  return new Promise<{ messages: string[]; error: ServiceError | undefined; header: Metadata; trailer: Metadata }>(
    (resolve) => {
      const messages: string[] = [];
      let header = new Metadata();
      let error: ServiceError | undefined;
      call.on("metadata", (metadata: Metadata) => {
        header = metadata;
      });
      call.on("data", (message: ChatMessage) => {
        messages.push(message.message);
        onData(message, messages.length);
      });
      call.on("error", (caught: ServiceError) => {
        error = caught;
      });
      call.on("status", ({ metadata }: { metadata: Metadata }) => {
        setImmediate(() => resolve({ messages, error, header, trailer: metadata }));
      });
    },
  );
}

function message(text: string): ChatMessage {
  return { user: "grpc-js", message: text, timestamp: "now" };
}

function expect(what: string, got: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: expected ${b}, got ${a}`);
}

const cases: Record<string, Case> = {
  async "chat.talk"(open) {
    const call = open();
    call.write(message("m1"));
    const { messages, error } = await listen(call, (_, count) => {
      if (count < 50) call.write(message(`m${count + 1}`));
      else call.end();
    });
    expect("error", error?.message, undefined);
    expect(
      "messages",
      messages,
      Array.from({ length: 50 }, (_, i) => `echo: m${i + 1}`),
    );
  },
  async "chat.many"(open) {
    const call = open();
    for (let i = 0; i < 1000; i++) call.write(message(String(i)));
    call.end();
    const { messages, error } = await listen(call, () => {});
    expect("error", error?.message, undefined);
    expect(
      "messages",
      messages,
      Array.from({ length: 1000 }, (_, i) => `echo: ${i}`),
    );
  },
  async "chat.metadata"(open) {
    const metadata = new Metadata();
    metadata.add("x-client", "one");
    metadata.set("x-client-bin", Buffer.from([0, 1, 255]));
    const call = open(metadata);
    call.write(message("m"));
    call.end();
    const { header, trailer } = await listen(call, () => {});
    expect("header", header.get("x-echo"), ["one"]);
    expect("binary header", header.get("x-echo-bin"), [Buffer.from([0, 1, 255])]);
    expect("trailer", trailer.get("x-received"), ["1"]);
  },
  async "chat.status"(open) {
    const call = open();
    call.write(message("hello"));
    const { error, messages } = await listen(call, () => call.write(message("boom")));
    expect("messages", messages, ["echo: hello"]);
    expect("status", [error?.code, error?.details], [status.ABORTED, "boom it is"]);
  },
  async "chat.cancel"(open) {
    const call = open();
    call.write(message("hello"));
    const { error } = await listen(call, () => call.cancel());
    expect("status", error?.code, status.CANCELLED);
  },
  async "chat.deadline"(open) {
    const { error } = await listen(open(undefined, 300), () => {});
    expect("status", error?.code, status.DEADLINE_EXCEEDED);
  },
  async "chat.server_ends"(open) {
    const call = open();
    call.write(message("bye"));
    const { error, messages } = await listen(call, () => {});
    expect("end", [error?.code, messages], [undefined, []]);
  },
};

const [folder = "", target = "", id = "", names = ""] = process.argv.slice(2);
const Client = loadChat(folder);
const client = new Client(target, credentials.createInsecure());
for (const name of names.split(",")) {
  const open = (given?: Metadata, timeoutMs = 20_000): Call => {
    const metadata = given ?? new Metadata();
    metadata.set("x-call-id", `${id}/${name}`);
    // The methods of a client made by proto-loader are not typed.
    const chatStream = client["chatStream"] as unknown as (metadata: Metadata, options: object) => Call;
    return chatStream.call(client, metadata, { deadline: Date.now() + timeoutMs });
  };
  try {
    const run = cases[name];
    if (run === undefined) throw new Error("the grpc-js client has no such case");
    await run(open);
    emit({ case: name, ok: true });
  } catch (error) {
    emit({ case: name, ok: false, detail: error instanceof Error ? error.message : String(error) });
  }
}
client.close();
