import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PairProject } from "../../runtimes/pair-project.js";
import { allRuntimes, install, ownNode, type Runtime } from "../../runtimes/runtimes.js";
import { repository } from "../../support/packed.js";
import { short, table, writePart } from "../../support/platforms-page.js";
import { type Background, background, runOk } from "../../support/shell.js";
import { askedLater, type Mount, mounts } from "./mounts.js";

const tried = mounts.filter((mount) => !short || mount.short === true);
const protocols = [
  ["Connect", "connect"],
  ["gRPC-Web", "grpc-web"],
] as const;

describe("the services behind other people's HTTP servers, called by fetchChannel from another process", () => {
  const runtimes = new Map<string | undefined, Runtime>([[undefined, ownNode]]);
  const verdicts = new Map<string, string>();
  let project: PairProject;

  beforeAll(async () => {
    const names = new Set(tried.map(({ runtime }) => runtime));
    for (const wanted of allRuntimes) {
      if (wanted.name !== "Bun" && wanted.name !== "Deno") continue;
      if (names.has(wanted.name)) runtimes.set(wanted.name, await install(wanted));
    }
    const packages = new Set(tried.flatMap((mount) => mount.packages ?? []));
    project = await PairProject.create([...packages], join(repository, "test/platforms/mounts/programs"));
  });

  afterAll(async () => {
    await project?.remove();
    if (short || verdicts.size < mounts.length * protocols.length) return;
    const rows = mounts.map(({ name, handler }) => [
      name,
      `\`${handler}\``,
      ...protocols.map(([, protocol]) => verdicts.get(`${name} ${protocol}`)!),
    ]);
    await writePart("mounts", table(["", "", ...protocols.map(([shown]) => shown)], rows));
  });

  describe.each(tried)("$handler: $name", (mount) => {
    let serving: Background | undefined;
    let url = "";

    beforeAll(async () => {
      [serving, url] = await start(mount);
    });

    afterAll(() => serving?.stop("SIGKILL"));

    test.each(protocols)("%s", async (_, protocol) => {
      const found = await project.callWeb(url, protocol);
      const { unheard } = mount;
      const faults = Object.entries(found).filter(
        ([name, how]) =>
          how !== "ok" && !(unheard !== undefined && askedLater.includes(name) && how.includes("/Ended")),
      );
      const yes = unheard === undefined ? "yes" : `yes; handlers do not hear of a cancel: ${unheard}`;
      verdicts.set(`${mount.name} ${protocol}`, faults.length === 0 ? yes : faults.map(([fault]) => fault).join(", "));
      expect(Object.keys(found)).toHaveLength(9);
      expect(faults).toEqual([]);
    });
  });

  async function start({
    runtime,
    build,
    serve,
    listens = /^(https?:\S+)/m,
    path,
  }: Mount): Promise<[Background, string]> {
    const { folder } = project;
    if (build !== undefined) await runOk(build, { cwd: folder });
    const env = { RUN: runtimes.get(runtime)!.command.join(" "), DENO_NO_UPDATE_CHECK: "1" };
    const server = background(serve, { cwd: folder, env });
    await server.printed(listens);
    const said = listens.exec(server.output())![1]!;
    return [server, path === undefined ? said : new URL(path, said).href];
  }
});
