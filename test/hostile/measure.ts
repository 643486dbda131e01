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
  /** Calls of the victim's that were answered, at least five of them while the attacker held on; and what became of the others. */
  readonly answered: number;
  /** For so long it called: an attack on a faster server is over sooner. */
  readonly seconds: number;
  readonly failures: readonly string[];
  /** The server's process ended. */
  readonly died: boolean;
}

interface Stats {
  readonly memory: number;
  readonly delayMs: number;
  readonly mostRunning: number;
}

interface Count {
  readonly answered: number;
  readonly failures: readonly string[];
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

/** Whether so many further calls of the victim's are answered; it is asked for long. */
async function answeredMore(victim: ChildProcess, more: number): Promise<boolean> {
  const start = await ask<Count>(victim, "count");
  for (let asked = 0; asked < 300; asked++) {
    const now = await ask<Count>(victim, "count");
    if (start === undefined || now === undefined) return false;
    if (now.answered >= start.answered + more) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
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
    const began = performance.now();
    const attacker = await attack.run(port, scale);
    const goesOn = await answeredMore(victim, 5);
    let after = await ask<Stats>(server, attack.byLeaving === true ? "reset" : "stats");
    const held = after?.memory ?? 0;
    attacker.leave();
    if (attack.byLeaving === true) {
      await new Promise((resolve) => setTimeout(resolve, 500)); // what it leaves behind is found within a turn or two
      after = await ask<Stats>(server, "stats");
    }
    const told = await ask<Count>(victim, "count");
    return {
      memory: Math.max(held, after?.memory ?? 0) - (before?.memory ?? 0),
      delayMs: after?.delayMs ?? Number.POSITIVE_INFINITY,
      mostRunning: after?.mostRunning ?? 0,
      answered: told?.answered ?? 0,
      seconds: (performance.now() - began) / 1000,
      failures: [
        ...(told?.failures ?? ["the victim is gone"]),
        ...(goesOn ? [] : ["it got no answer while the attacker held on"]),
      ],
      died: after === undefined,
    };
  } finally {
    victim.kill("SIGKILL");
    server.kill("SIGKILL");
  }
}
