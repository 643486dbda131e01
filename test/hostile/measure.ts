import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Attack } from "./attacks.js";

/** How a server was while it was attacked. Bytes and milliseconds. */
export interface Harm {
  /** The heap and the bytes outside of it, over what they were before; while the attacker holds on, and behind its leaving. */
  readonly memory: number;
  /** The longest that the event loop stood still. */
  readonly delayMs: number;
  readonly mostRunning: number;
  /** Calls of the victim's that were answered during the attack, and what became of the others. */
  readonly answered: number;
  readonly failures: readonly string[];
  /** The server's process ended. */
  readonly died: boolean;
}

interface Stats {
  readonly memory: number;
  readonly delayMs: number;
  readonly mostRunning: number;
}

const program = (name: string): string => fileURLToPath(new URL(`programs/${name}.js`, import.meta.url));

/** An answer of a child's, or undefined where it has ended or says nothing for a minute. */
async function ask<Answer>(child: ChildProcess, question?: string): Promise<Answer | undefined> {
  if (child.exitCode !== null || child.signalCode !== null) return undefined;
  const signal = AbortSignal.timeout(60_000);
  const answer = Promise.race([
    once(child, "message", { signal }).then(([message]) => message as Answer),
    once(child, "exit", { signal }).then(() => undefined),
  ]).catch(() => undefined);
  if (question !== undefined) child.send(question);
  return await answer;
}

/** One attack on one kind of server, each in a process of its own, with a victim beside. */
export async function measure(kind: "ours" | "grpc-js", attack: Attack, scale: number): Promise<Harm> {
  const more = attack.maxRunning === undefined ? [] : [String(attack.maxRunning)];
  const execArgv = ["--expose-gc", "--max-old-space-size=1024", "--no-warnings"];
  const server = fork(program("server"), [kind, ...more], { execArgv, stdio: ["ignore", "ignore", "ignore", "ipc"] });
  const port = (await ask<{ port: number }>(server))?.port ?? 0;
  const victim = fork(program("victim"), [String(port)], { execArgv, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  try {
    await ask(victim); // its first call was answered
    const before = await ask<Stats>(server, "reset");
    const attacker = await attack.run(port, scale);
    let after = await ask<Stats>(server, attack.byLeaving === true ? "reset" : "stats");
    const held = after?.memory ?? 0;
    attacker.leave();
    if (attack.byLeaving === true) {
      await new Promise((resolve) => setTimeout(resolve, 500)); // what it leaves behind is found within a turn or two
      after = await ask<Stats>(server, "stats");
    }
    const told = await ask<{ answered: number; failures: string[] }>(victim, "count");
    return {
      memory: Math.max(held, after?.memory ?? 0) - (before?.memory ?? 0),
      delayMs: after?.delayMs ?? Number.POSITIVE_INFINITY,
      mostRunning: after?.mostRunning ?? 0,
      answered: told?.answered ?? 0,
      failures: told?.failures ?? ["the victim is gone"],
      died: after === undefined,
    };
  } finally {
    victim.kill("SIGKILL");
    server.kill("SIGKILL");
  }
}
