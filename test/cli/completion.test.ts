import { spawnSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands/index.js";
import { complete } from "../../src/cli/completion/complete.js";
import { completionScripts, shells } from "../../src/cli/completion/scripts.js";
import { project, runInProcess } from "./support/project.js";

const bin = fileURLToPath(new URL("../../bin/gen-stubs.js", import.meta.url));
const names = commands.map(({ name }) => name);

test.each<[words: string[], expected: readonly string[]]>([
  [[""], names],
  [["in"], ["init"]],
  [["protos", ""], []],
  [
    ["protos", "--me"],
    ["--messages", "--messages-opt"],
  ],
  [
    ["--messages", ""],
    ["es", "ts_proto"],
  ],
  [["--messages", "ts"], ["ts_proto"]],
  [["--messages=e"], ["--messages=es"]],
  [["protos", "--no-c"], ["--no-cache"]],
  [["--out", ""], []],
  [["-o", ""], []],
  [
    ["init", "--"],
    ["--out", "--dry-run", "--help", "--version"],
  ],
  [["init", "--format", ""], []],
  [["--format", "s"], ["sarif"]],
])("%j is completed by %j", (words, expected) => {
  expect(complete(words, commands)).toEqual(expected);
});

describe("gen-stubs completion", () => {
  test.each(shells)("prints a script for %s", async (shell) => {
    const run = await runInProcess(project({}).folder, "completion", shell);
    expect(run).toEqual({ code: 0, stdout: completionScripts[shell], stderr: "" });
  });

  test("says which shells there are", async () => {
    const p = project({});
    expect((await runInProcess(p.folder, "completion")).stderr).toBe(
      "error GS1003: no shell: there is bash, zsh, fish, powershell\n",
    );
    expect((await runInProcess(p.folder, "completion", "bsh")).stderr).toContain(
      'no script for "bsh" (did you mean "bash"?)',
    );
  });

  test.skipIf(process.platform === "win32")("works in bash: commands, flags, and paths by bash itself", () => {
    const p = project({ "bin/gen-stubs": `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n` });
    chmodSync(p.path("bin/gen-stubs"), 0o755);
    const words = (...line: string[]): string => {
      const array = ["gen-stubs", ...line].map((word) => `'${word}'`).join(" ");
      const script = `${completionScripts.bash}\nCOMP_WORDS=(${array}); COMP_CWORD=${line.length}; _gen_stubs; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const env = { ...process.env, PATH: `${p.path("bin")}:${process.env["PATH"]}` };
      return spawnSync("bash", ["-c", script], { encoding: "utf8", env }).stdout.trim();
    };
    expect(words("do")).toBe("doctor");
    expect(words("protos", "--out", "")).toBe("");
    expect(words("protos", "--messages", "ts")).toBe("ts_proto");
    expect(words("").split("\n")).toEqual(names);
  });
});
