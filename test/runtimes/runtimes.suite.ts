import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { short, table, writePart } from "../support/platforms-page.js";
import { type Findings, PairProject } from "./pair-project.js";
import { allRuntimes, install, ownNode, type Runtime } from "./runtimes.js";

/** CI's short run: the oldest and the newest Node, Bun and Deno, each with the Node that runs the tests. */
const names = allRuntimes.map(({ name }) => name).filter((name) => !short || !/^Node 2[24]$/.test(name));
const pairs = short
  ? names.flatMap((name) => [[name, "own"] as const, ["own", name] as const])
  : names.flatMap((client) => names.map((server) => [client, server] as const));

describe("a client and a server on each runtime: four kinds, cancel, deadlines, errors, TLS, and a clean end", () => {
  const runtimes = new Map<string, Runtime>([["own", ownNode]]);
  const findings = new Map<string, string>();
  let project: PairProject;

  beforeAll(async () => {
    for (const wanted of allRuntimes.filter(({ name }) => names.includes(name))) {
      runtimes.set(wanted.name, await install(wanted));
    }
    project = await PairProject.create();
  });

  afterAll(async () => {
    await project?.remove();
    if (!short && findings.size === pairs.length) await writePart("runtimes", page());
  });

  test.each(pairs)("%s calls %s", async (client, server) => {
    const found = await project.run(runtimes.get(client)!, runtimes.get(server)!);
    findings.set(`${client} ${server}`, verdict(found));
    expect(Object.keys(found)).toHaveLength(11);
    expect(Object.entries(found).filter(([, how]) => how !== "ok")).toEqual([]);
  });

  function page(): string {
    const shown = (name: string) => `${name.split(" ")[0]} ${runtimes.get(name)!.version}`;
    const rows = names.map((client) => [
      `**${shown(client)}** calls`,
      ...names.map((server) => findings.get(`${client} ${server}`)!),
    ]);
    return table(["", ...names.map(shown)], rows);
  }
});

function verdict(found: Findings): string {
  const faults = Object.entries(found).filter(([, how]) => how !== "ok");
  return faults.length === 0 ? "yes" : `no: ${faults.map(([name]) => name).join(", ")}`;
}
