import { Metadata, RpcError, type ServerCall, status } from "gen-stubs-runtime";

/** One attempt of any kind of call, by its texts. */
export interface Halves {
  readonly call: ServerCall;
  /** Undefined at the end of the requests. */
  recv(): Promise<string | undefined>;
  send(text: string): Promise<unknown>;
}

/** What is known of the attempt before. */
export interface Before {
  readonly begunAt: number;
  readonly leftMs: number;
}

/** What the client did other than the script has it. */
export class NotAsScripted extends Error {}

/** Does what the script of one attempt says, in the words of go/script_server.go. Throws {@link NotAsScripted}, or how the attempt ends. */
export async function playScript(halves: Halves, script: string, before: Before): Promise<void> {
  for (const step of script.split(" ")) {
    if (step === "OK") return;
    await playStep(halves, step, before);
  }
}

async function playStep({ call, recv, send }: Halves, step: string, before: Before): Promise<void> {
  const [name = "", value = ""] = step.split("=");
  if (step === "header") sendMark(call);
  else if (step === "hang") await untilCancelled(call.signal);
  else if (step === "less") expectThat(call.timeoutMs() < before.leftMs, `${call.timeoutMs()} ms are left, as before`);
  else if (name === "after") {
    const passed = performance.now() - before.begunAt;
    expectThat(passed >= Number(value), `it came ${passed} ms after the attempt before`);
  } else if (name === "push") call.trailer.add("grpc-retry-pushback-ms", value);
  else if (step === "half") expectText(await recv(), undefined);
  else if (step.startsWith("<")) expectText(await recv(), step.slice(1));
  else if (/^[A-Z_]+$/.test(step)) throw new RpcError(codeNamed(step), "as the script says");
  else await send(step);
}

function sendMark(call: ServerCall): void {
  const header = new Metadata();
  header.set("x-header", "yes");
  call.sendHeader(header);
}

function codeNamed(name: string): status {
  const code = status[name as keyof typeof status]; // it may be none: hence the question
  if (typeof code !== "number") throw new NotAsScripted(`the script has no step ${name}`);
  return code;
}

async function untilCancelled(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  const reason: unknown = signal.reason;
  expectThat(reason instanceof RpcError && reason.code === status.CANCELLED, `it was not cancelled, but ${reason}`);
  throw reason;
}

function expectText(got: string | undefined, wanted: string | undefined): void {
  expectThat(got === wanted, `expected ${wanted ?? "the end of the requests"}, got ${got ?? "their end"}`);
}

function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new NotAsScripted(otherwise);
}
