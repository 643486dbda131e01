import type { ConnectionOptions } from "node:tls";

type Dispatcher = NonNullable<RequestInit["dispatcher"]> & { destroy(): Promise<void> };
type AgentClass = new (options: { readonly connect: ConnectionOptions }) => Dispatcher;

/**
 * Node's own fetch with TLS options of its own, by the Agent of the undici inside of Node. Projects install undici for that; here it has to
 * be Node's.
 */
export async function fetchWith(connect: ConnectionOptions): Promise<typeof globalThis.fetch> {
  await fetch("data:,").then((response) => response.text()); // undici is loaded when it is first used
  const places = globalThis as unknown as Record<symbol, { constructor: AgentClass } | undefined>; // undici's own place
  const Agent = places[Symbol.for("undici.globalDispatcher.1")]?.constructor;
  if (Agent === undefined) throw new Error("this Node has no undici inside");
  const dispatcher = new Agent({ connect });
  return (input, init) => fetch(input, { ...init, dispatcher });
}
