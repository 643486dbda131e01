/** `node client.js <address> <protos>`: makes the same calls of any server, and prints what came of each, one line of JSON. */
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const [address = "", protos = ""] = process.argv.slice(2);
const loaded = grpc.loadPackageDefinition(loadSync(join(protos, "library.proto"), { defaults: true }));
// biome-ignore lint/suspicious/noExplicitAny: grpc-js has no types for clients that it makes at run time.
const made = (loaded as any).library.v1;
const plain = grpc.credentials.createInsecure();
const client = new made.Library(address, plain);
const ends = new made.Ends(address, plain);

interface Outcome {
  readonly messages: readonly unknown[];
  readonly code: number;
  readonly details: string;
}

/** One message of a request. */
const item = (text: string, count = 0) => ({ text, count });

function headers(values: Readonly<Record<string, string | Buffer>> = {}): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [key, value] of Object.entries(values)) metadata.set(key, value);
  return metadata;
}

type Given = { readonly headers?: Readonly<Record<string, string | Buffer>>; readonly deadline?: number };

/** Makes a call of any kind, to its end. `cancelAfter`: cancels once so many responses came. */
function call(
  method: string,
  requests: unknown,
  given: Given & { readonly cancelAfter?: number } = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const messages: unknown[] = [];
    const end = (error?: Partial<grpc.StatusObject> | null): void =>
      // grpc-js's own text for a deadline tells times.
      resolve({ messages, code: error?.code ?? 0, details: error?.code === 4 ? "" : (error?.details ?? "") });
    const options = { deadline: Date.now() + (given.deadline ?? 60_000) };
    const answer = (error: grpc.ServiceError | null, message: unknown): void => {
      if (message !== undefined) messages.push(message);
      end(error);
    };
    const { requestStream, responseStream } = client[method];
    const first = requestStream ? [] : [requests];
    const last = responseStream ? [] : [answer];
    const made = client[method](...first, headers(given.headers), options, ...last);
    if (responseStream) {
      made.on("data", (message: unknown) => {
        messages.push(message);
        if (messages.length === given.cancelAfter) made.cancel();
      });
      let status: grpc.StatusObject | undefined;
      made.on("status", (ended: grpc.StatusObject) => {
        status = ended;
        if (ended.code === 0) end();
      });
      made.on("error", () => setImmediate(() => end(status)));
    }
    if (!requestStream) return;
    for (const request of requests as unknown[]) made.write(request);
    if (given.cancelAfter === undefined) made.end();
  });
}

/** What the server's handler saw of a cancelled call: asked until there is something. */
async function lastEnd(name: string): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const text = await new Promise<string>((resolve, reject) =>
      ends.Last(item(name), headers(), (error: unknown, message: { text: string }) =>
        error === null || error === undefined ? resolve(message.text) : reject(error),
      ),
    );
    if (text !== "") return text;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return "nothing";
}

/** For calls that Nest's own transport never answers. */
const UNANSWERED_MS = 4_000;

const key = { headers: { key: "value", "key-bin": Buffer.from([1, 2, 255]) } };
const three = [item("a", 1), item("b", 2), item("c", 3)];
const kinds = ["Unary", "UnaryObservable", "Down", "Up", "Both", "UpCall", "BothCall"];
const requestOf = (method: string, text: string): unknown =>
  client[method].requestStream ? [item(text)] : item(text, 2);

const cases: Readonly<Record<string, () => Promise<unknown>>> = {
  "unary, with metadata": () => call("Unary", item("hello", 1), key),
  "unary, the first of an observable": () => call("UnaryObservable", item("one"), { deadline: UNANSWERED_MS }),
  "unary, an observable that fails": () => call("UnaryObservable", item("later")),
  "unary, with a deadline": () => call("UnaryObservable", item("deadline"), { deadline: 60_000 }),
  "unary, past its deadline": () => call("UnaryObservable", item("hang"), { deadline: 100 }),
  "unary, what its handler saw": () => lastEnd("unary"),
  "unary, nothing returned": () => call("Forget", item("a")),
  "unary, not implemented": () => call("Missing", item("hello")),
  "server streaming": () => call("Down", item("x", 5)),
  "server streaming, nothing": () => call("Down", item("x", 0)),
  "server streaming, 2000 messages": async () => (await call("Down", item("x".repeat(1000), 2000))).messages.length,
  "server streaming, messages before an error": async () => {
    const { messages, code, details } = await call("Down", item("then fail", 30));
    // grpc-js's own server may lose messages before an error: none is promised there.
    return { some: messages.length > 0, code, details };
  },
  "server streaming, cancelled": () => call("Down", item("hang", 3), { cancelAfter: 3 }),
  "server streaming, what its handler saw": () => lastEnd("down"),
  "client streaming": () => call("Up", three, { ...key, deadline: UNANSWERED_MS }),
  "client streaming, nothing": () => call("Up", [], { deadline: UNANSWERED_MS }),
  "client streaming, an observable": () => call("UpObservable", three),
  bidirectional: () => call("Both", three),
  "bidirectional, 2000 messages": async () =>
    (
      await call(
        "Both",
        Array.from({ length: 2000 }, (_, count) => item("y", count)),
      )
    ).messages.length,
  "bidirectional, cancelled": () => call("Both", three, { cancelAfter: 3 }),
  "bidirectional, a subject, cancelled": () => call("BothSubject", three, { cancelAfter: 3 }),
  "bidirectional, a subject": () => call("BothSubject", three),
  "client streaming, the call itself": () => call("UpCall", three),
  "bidirectional, the call itself, cancelled": () => call("BothCall", three, { cancelAfter: 3 }),
  "bidirectional, the call itself": () => call("BothCall", three),
};
for (const method of kinds.filter((name) => !name.endsWith("Observable"))) {
  for (const text of ["rpc", "text", "accident", "internal"]) {
    // The handlers of calls themselves know one error alone.
    if (method.endsWith("Call") && text !== "rpc") continue;
    Object.assign(cases, { [`${method}, ${text}`]: () => call(method, requestOf(method, text)) });
  }
}
for (const method of kinds) {
  if (method.endsWith("Call")) continue;
  Object.assign(cases, {
    [`${method}, refused by a guard`]: () => call(method, requestOf(method, "a"), { headers: { refuse: "1" } }),
    [`${method}, forbidden by a guard`]: () =>
      call(method, requestOf(method, "a"), { headers: { "refuse-silently": "1" } }),
  });
}
for (const method of ["Unary", "UnaryObservable", "Down"]) {
  Object.assign(cases, { [`${method}, refused by a pipe`]: () => call(method, item("invalid", 2)) });
}

/** On Nest's transport these end the server's process. */
const guarded: typeof cases = {
  "client streaming, the call itself, refused": () => call("UpCall", three, { headers: { refuse: "1" } }),
  "bidirectional, the call itself, refused": () => call("BothCall", three, { headers: { refuse: "1" } }),
};
for (const [name, run] of Object.entries(process.argv[4] === "guarded" ? guarded : cases)) {
  console.log(JSON.stringify([name, await run()]));
}
client.close();
ends.close();
