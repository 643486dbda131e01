import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { short, table, writePart } from "../support/platforms-page.js";
import { PairProject } from "./pair-project.js";
import { allRuntimes, install, ownNode, type Runtime } from "./runtimes.js";

/** CI's short run: the oldest and the newest Node, Bun and Deno. */
const names = allRuntimes.map(({ name }) => name).filter((name) => !short || !/^Node 2[24]$/.test(name));
const protocols = [
  ["Connect", "connect"],
  ["gRPC-Web", "grpc-web"],
] as const;

describe("fetchChannel on each runtime, by its own fetch, to our server's web door", () => {
  const runtimes = new Map<string, Runtime>();
  const verdicts = new Map<string, string>();
  let project: PairProject;

  beforeAll(async () => {
    for (const wanted of allRuntimes.filter(({ name }) => names.includes(name))) {
      runtimes.set(wanted.name, await install(wanted));
    }
    project = await PairProject.create();
  });

  afterAll(async () => {
    await project?.remove();
    if (short || verdicts.size < names.length * protocols.length) return;
    const rows = protocols.map(([shown, protocol]) => [
      `**${shown}**`,
      ...names.map((name) => verdicts.get(`${name} ${protocol}`)!),
    ]);
    const heads = names.map((name) => `${name.split(" ")[0]} ${runtimes.get(name)!.version}`);
    await writePart("fetch", table(["", ...heads], rows));
  });

  test.each(names.flatMap((name) => protocols.map(([shown, protocol]) => [name, shown, protocol] as const)))(
    "%s over %s",
    async (name, _, protocol) => {
      const found = await project.runWeb(runtimes.get(name)!, ownNode, protocol);
      const faults = Object.entries(found).filter(([, how]) => how !== "ok");
      verdicts.set(
        `${name} ${protocol}`,
        faults.length === 0 ? "yes" : `no: ${faults.map(([fault]) => fault).join(", ")}`,
      );
      expect(Object.keys(found)).toHaveLength(10);
      expect(faults).toEqual([]);
    },
  );
});
