// The guides' services called with our stubs: client.js TRANSPORT TARGET ID CASES
import { emit } from "../emit.js";
import { type Carrier, open } from "../transports.js";
import type { Case } from "./case.js";
import { chatCases } from "./chat-cases.js";
import { dataCases } from "./data-cases.js";
import { reportCases } from "./report-cases.js";

const cases: Record<string, Case> = { ...reportCases, ...dataCases, ...chatCases };
const [transport, target = "", id = "", names = ""] = process.argv.slice(2);
// The run passes one of the four.
const carrier = transport as Carrier;
const channel = open(carrier, target);
for (const name of names.split(",")) {
  try {
    const run = cases[name];
    if (run === undefined) throw new Error("our client has no such case");
    const options = { timeoutMs: 20_000, metadata: { "x-call-id": `${id}/${name}` } };
    if (name.endsWith(".compressed")) await compressed(run, options);
    else await run(channel, options);
    emit({ case: name, ok: true });
  } catch (error) {
    emit({ case: name, ok: false, detail: error instanceof Error ? error.message : String(error) });
  }
}
await channel.close();

/** Our own transport compresses by call, grpc-js by channel. */
async function compressed(run: Case, options: Parameters<Case>[1]): Promise<void> {
  const own = open(carrier, target, { gzip: true });
  try {
    await run(own, carrier !== "grpc-js" ? { ...options, compression: "gzip" } : options);
  } finally {
    await own.close();
  }
}
