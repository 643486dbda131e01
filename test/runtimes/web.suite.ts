import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PairProject } from "./pair-project.js";
import { allRuntimes, install, ownNode, type Runtime } from "./runtimes.js";

const names = allRuntimes.map(({ name }) => name);

describe("fetchChannel on each runtime, by its own fetch, to our server's web door", () => {
  const runtimes = new Map<string, Runtime>();
  let project: PairProject;

  beforeAll(async () => {
    for (const wanted of allRuntimes) runtimes.set(wanted.name, await install(wanted));
    project = await PairProject.create();
  });

  afterAll(() => project?.remove());

  test.each(names.flatMap((name) => [[name, "connect"] as const, [name, "grpc-web"] as const]))(
    "%s over %s",
    async (name, protocol) => {
      const found = await project.runWeb(runtimes.get(name)!, ownNode, protocol);
      expect(Object.keys(found)).toHaveLength(10);
      expect(Object.entries(found).filter(([, how]) => how !== "ok")).toEqual([]);
    },
  );
});
