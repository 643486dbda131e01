import { expect, test } from "vitest";
import { echoProto, project } from "./support/project.js";

test("several hundred files, in one run and again without changes", async () => {
  const count = 400;
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const importing = i === 0 ? "" : `import "pkg/f${i - 1}/file.proto";\n`;
      return [`protos/pkg/f${i}/file.proto`, echoProto(`pkg.f${i}`).replace("package", `${importing}package`)];
    }),
  );
  const p = project(files);
  const run = await p.run("protos", "-o", "gen");
  expect(run.code).toBe(0);
  expect(run.stdout).toContain(`Wrote to gen: ${2 * count} files (${2 * count} new, 0 changed, 0 unchanged)`);
  expect(run.stdout).toContain(`${count} services, ${4 * count} methods`);
  // No terminal: plain lines, no control characters.
  expect(run.stderr).toBe(
    `gen-stubs: compiling (${count} files)\ngen-stubs: generating messages (${count} files)\ngen-stubs: comparing (${2 * count} files)\n`,
  );
  expect(p.list("gen")).toHaveLength(2 * count);
  const again = await p.run("protos", "-o", "gen", "--check", "--quiet");
  expect(again).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("more arguments than a command line holds", async () => {
  const long = "l".repeat(180);
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`protos/${long}${i}.proto`, `syntax = "proto3"; message M${i} {}`]),
  );
  const p = project(files);
  expect((await p.run("protos", "-o", "gen", "--quiet")).code).toBe(0);
  expect(p.list("gen")).toHaveLength(200);
});
