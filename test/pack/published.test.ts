import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VERSION } from "../../src/runtime/core/version.js";
import { packAll, repository } from "../support/packed.js";
import { run } from "../support/shell.js";

const json = (path: string) => JSON.parse(readFileSync(join(repository, path), "utf8"));

/** Bytes, packed and unpacked: what has grown past them is looked at, and let through on purpose. */
const budget = {
  "gen-stubs": { size: 450_000, unpackedSize: 1_600_000 },
  "gen-stubs-runtime": { size: 950_000, unpackedSize: 3_100_000 },
} as const;

describe.each(["gen-stubs", "gen-stubs-runtime"] as const)("%s as it is published", (name) => {
  const manifest = json(name === "gen-stubs" ? "package.json" : "src/runtime/package.json");
  let folder: string;
  let packed: Awaited<ReturnType<typeof packAll>>[typeof name];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "gen-stubs-published-"));
    packed = (await packAll(folder))[name];
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("publint has nothing to say", async () => {
    const { buffer } = new Uint8Array(await readFile(packed.tarball));
    const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  test("attw finds every entry point, with its types, from every kind of project", async () => {
    const attw = join(repository, "node_modules/.bin/attw");
    const { code, output } = await run([attw, packed.tarball, "--format", "table-flipped"], { cwd: folder });
    expect(code, output).toBe(0);
    for (const path of Object.keys(manifest.exports).filter((one) => !one.includes("*"))) {
      expect(output).toContain(`"${join(name, path)}"`);
    }
  });

  test("it stays within its size", () => {
    expect(packed.size).toBeLessThan(budget[name].size);
    expect(packed.unpackedSize).toBeLessThan(budget[name].unpackedSize);
  });

  test("it says whose it is and where to report", () => {
    for (const field of ["license", "author", "homepage", "repository", "bugs", "engines", "description"]) {
      expect(manifest, field).toHaveProperty(field);
    }
    expect(manifest.scripts ?? {}).not.toHaveProperty("postinstall");
  });
});

test("what is exported is what api/ says", { timeout: 60_000 }, async () => {
  const { code, output } = await run(["npm", "run", "api", "--", "--check"], { cwd: repository });
  expect(code, output).toBe(0);
});

test("the runtime takes the messages that the generator makes: one range, and its lowest version is tried", () => {
  const lowest = json("src/runtime/package.json").peerDependencies["@bufbuild/protobuf"];
  expect(lowest).toBe(`^${json("package.json").dependencies["@bufbuild/protoc-gen-es"]}`);
  expect(readFileSync(join(repository, "test/platforms/project-kinds.ts"), "utf8")).toContain(
    `["lowest", "${lowest.slice(1)}"]`,
  );
});

test("one version: of both packages, and in the user-agent", () => {
  expect(json("src/runtime/package.json").version).toBe(json("package.json").version);
  expect(VERSION).toBe(json("package.json").version);
});

describe("the packages that users get", () => {
  interface Locked {
    readonly license?: string;
    readonly hasInstallScript?: boolean;
    readonly engines?: { readonly node?: string };
    readonly dev?: boolean;
    readonly devOptional?: boolean;
    readonly link?: boolean;
  }
  const all: Record<string, Locked> = json("package-lock.json").packages;
  const shipped = Object.entries(all)
    .filter(([path, { dev, devOptional, link }]) => path !== "" && !dev && !devOptional && !link)
    .map(([path, locked]) => ({ name: path.replace(/^.*node_modules\//, ""), ...locked }));

  test("are these, under permissive licences", () => {
    const licences = [...new Set(shipped.map(({ license }) => license))].sort();
    console.log(`${shipped.length} packages: ${shipped.map(({ name }) => name).join(", ")}; ${licences.join(", ")}`);
    expect(shipped.length).toBeGreaterThan(10);
    expect(licences.filter((one) => !/^\(?(MIT|ISC|BSD|0BSD|Apache-2\.0|BlueOak)/.test(one ?? "none"))).toEqual([]);
  });

  test("take the Nodes that docs/platforms.md says they take", () => {
    const asking = shipped.filter(({ engines }) => /\b2[1-9]\b/.test(engines?.node ?? ""));
    expect(Object.fromEntries(asking.map(({ name, engines }) => [name, engines?.node]))).toEqual({
      "@bufbuild/protoc-gen-es": ">=22",
      yargs: "^20.19.0 || ^22.12.0 || >=23",
      "yargs-parser": "^20.19.0 || ^22.12.0 || >=23",
      // None but Node 21, which nobody has.
      "balanced-match": "18 || 20 || >=22",
      "brace-expansion": "20 || >=22",
      minimatch: "18 || 20 || >=22",
    });
  });

  test("none runs anything when it is installed", () => {
    expect(shipped.filter(({ hasInstallScript }) => hasInstallScript).map(({ name }) => name)).toEqual([]);
  });
});
