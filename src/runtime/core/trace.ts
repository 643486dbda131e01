/**
 * Prints events to stderr, a line each, where the environment asks for it: `GEN_STUBS_TRACE=call,connection`. It subscribes when it is
 * loaded, like anybody else. What stubs import loads it, and so does the main entry; pages have neither an environment nor stderr, and
 * do not load it.
 */
import { builtinModule } from "./builtin-module.js";
import type {
  CallEndEvent,
  CallStartEvent,
  ConnectionEvent,
  RefusalEvent,
  ResolutionEvent,
  RetryEvent,
} from "./diagnostics.js";
import { printable } from "./printable.js";
import { status } from "./status.js";

interface NodeChannels {
  subscribe(name: string, listener: (event: unknown) => void): void;
}
interface NodeProcess {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stderr?: { write(text: string): unknown };
}

const node = (globalThis as { readonly process?: NodeProcess }).process; // typed by what is used
const channels = builtinModule<NodeChannels>("node:diagnostics_channel");

type Lines = Readonly<Record<string, (event: never) => string>>;

/** What `GEN_STUBS_TRACE` prints, by topic and event. */
const TOPICS: Readonly<Record<string, Lines>> = {
  call: {
    "call:start": ({ id, side, method }: CallStartEvent) => `call ${side} #${id} ${method} started`,
    "call:end": (event: CallEndEvent) => {
      const { id, side, method, code, durationMs, sent, received, peer, details } = event;
      const text = details === "" ? "" : ` ${JSON.stringify(details)}`;
      const counts = `sent ${sent} received ${received}`;
      return `call ${side} #${id} ${method} ${status[code]} after ${durationMs.toFixed(1)} ms, ${counts}, ${peer}${text}`;
    },
    "call:refused": ({ path, peer, code, details }: RefusalEvent) =>
      `call server ${path} refused with ${status[code]}, ${peer} ${JSON.stringify(details)}`,
    "call:retry": ({ method, peer, reason, attempt }: RetryEvent) =>
      `call client ${method} is sent again${attempt === undefined ? "" : ` (attempt ${attempt})`}, ${peer}: ${reason}`,
  },
  connection: {
    resolution: ({ target, addresses, error }: ResolutionEvent) =>
      `resolution ${target}: ${addresses?.join(" ") ?? error}`,
    connection: ({ side, target, peer, state, reason }: ConnectionEvent) => {
      const why = reason === undefined ? "" : `: ${reason}`;
      return `connection ${side} ${target}${peer === target || peer === "unknown" ? "" : ` (${peer})`} ${state}${why}`;
    },
  },
};

trace(node?.env?.["GEN_STUBS_TRACE"] ?? "");

function trace(asked: string): void {
  const print = (line: string): void => void node?.stderr?.write(`gen-stubs ${printable(line)}\n`);
  for (const topic of asked.split(",").map((part) => part.trim())) {
    if (topic === "") continue;
    const lines = TOPICS[topic];
    if (lines === undefined)
      print(`GEN_STUBS_TRACE: there is no ${topic}; there are ${Object.keys(TOPICS).join(", ")}`);
    for (const [name, line] of Object.entries(lines ?? {})) {
      channels?.subscribe(`gen-stubs:${name}`, (event) => print(line(event as never))); // the event of that name
    }
  }
}
