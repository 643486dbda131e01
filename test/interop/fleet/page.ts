import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../harness/paths.js";
import type { ClientKind } from "./clients.js";
import type { Outcome, Scene } from "./scenes.js";

/** One client's outcomes, by the name of the scene. */
export interface Played {
  readonly kind: ClientKind;
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

const seconds = (ms: number): string => (Number.isFinite(ms) ? `${(ms / 1_000).toFixed(1)} s` : "not seen");

/** What a cell says of a scene. */
export function cell({ lost, calls, noticedMs, spread, perSecond }: Outcome): string {
  const parts = [`${lost} of ${calls.toLocaleString("en")} lost`];
  if (noticedMs !== undefined) parts.push(seconds(noticedMs));
  if (spread !== undefined) parts.push(`spread ${spread.toFixed(1)} %`);
  if (perSecond !== undefined) parts.push(`${Math.round(perSecond).toLocaleString("en")} calls/s`);
  return parts.join("; ");
}

function rows(scenes: readonly Scene[], played: readonly Played[], show: (outcome: Outcome) => string): string {
  const head = ["what happens", ...played.map(({ kind }) => kind.name)];
  const body = scenes.map((scene) => [
    scene.notice === undefined ? scene.name : `${scene.name}. Time until ${scene.notice}`,
    ...played.map(({ outcomes }) => {
      const outcome = outcomes.get(scene.name);
      return outcome === undefined ? "" : show(outcome);
    }),
  ]);
  return [head, head.map(() => "---"), ...body].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function endings({ ended }: Outcome): string {
  return Object.entries(ended)
    .map(([code, n]) => `${n} ${code}`)
    .join(", ");
}

/** Writes docs/fleet.md. */
export async function writePage(scenes: readonly Scene[], played: readonly Played[]): Promise<void> {
  const how = played.map(({ kind }) => `- **${kind.name}**: ${kind.how}`).join("\n");
  const text = `# A fleet of servers

Written by \`npm run fleet\`: do not edit. Three server processes of ours, each with an address of its own on loopback, a DNS server that the test
changes, and each client in turn under the same load: 12 callers one after the other (deadline 1 s), and 12 conversations that are begun
anew whenever they end. A server that goes is taken out of DNS and gets SIGTERM at once, as a pod does; it says NOT_SERVING, takes calls for 1.5 s more,
and then shuts down with a second of grace. DNS may be asked once a second, keepalive pings go after 10 s (grpc-go's least) and are waited
for one second. Played on ${new Date().toISOString().slice(0, 10)}; the machine: ${process.platform} ${process.arch},
Node ${process.versions.node}.

${how}

## Unary calls

A call is lost where its caller gets another status than OK. A second's calls depend on what else the
machine did: they compare within a column.

${rows(scenes, played, cell)}

## How streams ended

Every stream that ended did so with a status; none hung. A scene without an entry ended no stream.

${rows(scenes, played, endings)}
`;
  await writeFile(join(root, "docs", "fleet.md"), text);
}
