import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { echoProto, project } from "./support/project.js";

const message = (packageName: string, name: string, imports: readonly string[] = []) =>
  `syntax = "proto3";\npackage ${packageName};\n${imports.map((one) => `import "${one}";\n`).join("")}message ${name} {}\n`;
const hasLinks = canLink();

describe.skipIf(!hasLinks)("links", () => {
  test("a linked folder is searched, and its files are named by the way that led there", async () => {
    const p = project({ "shared/s.proto": echoProto("s"), "app/protos/a.proto": echoProto("a") });
    symlinkSync("../../shared", p.path("app/protos/shared"));
    expect(await p.runWith({ cwd: "app" }, "protos", "-o", "gen")).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("app/gen")).toEqual(["a_grpc.ts", "a_pb.ts", "shared/s_grpc.ts", "shared/s_pb.ts"]);
  });

  test("a folder that holds a link alone is not empty", async () => {
    const p = project({ "shared/s.proto": echoProto("s"), "app/protos/keep": "" });
    symlinkSync("../../shared", p.path("app/protos/shared"));
    expect((await p.run("app/protos", "-o", "gen")).code).toBe(0);
  });

  test("a file found twice, by a link and without, is one: as it would be without the link", async () => {
    const p = project({
      "protos/vendored/acme/a.proto": message("acme", "A"),
      "protos/vendored/acme/unused.proto": message("acme", "Unused"),
      "protos/b.proto":
        'syntax = "proto3"; package b; import "acme/a.proto"; service S { rpc Get(acme.A) returns (acme.A); }',
    });
    symlinkSync("vendored/acme", p.path("protos/acme"));
    expect(await p.run("protos", "-o", "gen")).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual(["acme/a_pb.ts", "acme/unused_pb.ts", "b_grpc.ts", "b_pb.ts"]);
    rmSync(p.path("protos/acme"));
    expect((await p.run("protos", "-o", "gen", "--check")).code).toBe(0);
  });

  test("a linked file, and the same folder by two paths, are no second files", async () => {
    const p = project({ "protos/a.proto": echoProto("a") });
    symlinkSync("a.proto", p.path("protos/b.proto"));
    symlinkSync("protos", p.path("again"));
    expect(await p.run("protos", "again", "-o", "gen")).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts"]);
  });

  test("links to nothing, or to one another, are passed over in a folder, and told where they are given", async () => {
    const p = project({ "protos/a.proto": echoProto("a") });
    symlinkSync("nothing.proto", p.path("protos/dangling.proto"));
    symlinkSync("y.proto", p.path("protos/x.proto"));
    symlinkSync("x.proto", p.path("protos/y.proto"));
    expect(await p.run("protos", "-o", "gen")).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual(["a_grpc.ts", "a_pb.ts"]);
    const dangling = await p.run("protos/dangling.proto", "-o", "gen");
    expect(dangling.stderr).toBe('error GS1005: "protos/dangling.proto" is a link to nothing\n');
    expect((await p.run("protos/x.proto", "-o", "gen")).stderr).toContain('"protos/x.proto" cannot be read (ELOOP)');
  });

  test("links in a circle, and to a folder above, end the search nowhere", async () => {
    const p = project({ "protos/x/a.proto": echoProto("a"), "b.proto": echoProto("b") });
    symlinkSync("..", p.path("protos/x/up"));
    symlinkSync("../..", p.path("protos/x/project"));
    expect(await p.run("protos", "-o", "gen")).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toEqual(["x/a_grpc.ts", "x/a_pb.ts"]);
  });
});

describe("one file under two names", () => {
  const styles = {
    "protos/common/money.proto": message("common", "Money"),
    "protos/common/price.proto": message("common", "Price", ["money.proto"]),
    "protos/orders/orders.proto": message("orders", "O", ["common/price.proto"]),
    "protos/users/users.proto": message("users", "U", ["common/money.proto"]),
  };

  test("both names, who imports which, and the line to change", async () => {
    const p = project(styles);
    const run = await p.run("protos", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toBe(
      "protos/common/price.proto:3:1: error GS2012: one file, protos/common/money.proto, is imported under 2 names: " +
        '"common/money.proto" (protos/users/users.proto:3) and "money.proto" (protos/common/price.proto:3)\n' +
        '  3 | import "money.proto";\n    | ^\n' +
        '  → protobuf takes them for two files: write import "common/money.proto" in protos/common/price.proto:3\n',
    );
    p.write("protos/common/price.proto", message("common", "Price", ["common/money.proto"]));
    expect((await p.run("protos", "-o", "gen")).code).toBe(0);
  });

  test("with an -I that names one of them otherwise, the order that works is told", async () => {
    const p = project({ ...styles, "protos/common/price.proto": message("common", "Price", ["common/money.proto"]) });
    const run = await p.run("protos", "-o", "gen", "-I", "protos/common", "-I", "protos");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      '→ give with -I, before any other, the folder that "common/price.proto" is relative to\n',
    );
    expect((await p.run("protos", "-o", "gen", "-I", "protos", "-I", "protos/common")).code).toBe(0);
  });

  test("and no -I is advised that would only lead to the next error", async () => {
    const p = project(styles);
    const run = await p.run("protos", "-I", "protos/common", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("GS2012");
    expect(run.stderr).not.toContain("already defined");
    expect(run.stderr).not.toContain("add -I");
  });
});

describe("second copies", () => {
  const files = {
    "protos/a.proto": echoProto("a.v1"),
    "build/resources/a.proto": echoProto("a.v1"),
    "build/resources/b.proto": message("b", "B"),
    "protos/b.proto": message("b", "B", []).replace("{}", "{ int32 x = 1; }"),
  };

  test("are named once, with what leaves them out; that does", async () => {
    const p = project(files);
    const run = await p.run(".", "-o", "gen");
    expect(run).toMatchObject({
      code: 1,
      stderr:
        "build/resources/a.proto: error GS2013: a second copy of protos/a.proto: both define a.v1.Ping; 1 more below build\n" +
        "  → leave them out: --exclude build\n",
    });
    expect((await p.run(".", "-o", "gen", "--exclude", "build")).code).toBe(0);
    expect(p.list("gen")).toEqual(["protos/a_grpc.ts", "protos/a_pb.ts", "protos/b_pb.ts"]);
    expect((await p.run(".", "-o", "other", "--exclude", "build", "--check")).stdout).toContain(
      "--exclude build --out other .",
    );
  });

  test("that are of other content are another version", async () => {
    const { "build/resources/a.proto": _, "protos/a.proto": __, ...rest } = files;
    expect((await project(rest).run(".", "-o", "gen")).stderr).toContain(
      "build/resources/b.proto: error GS2013: another version of protos/b.proto: both define b.B\n",
    );
  });

  test("what buf.yaml excludes is left out without buf too, and its modules are the roots", async () => {
    const p = project({
      "buf.yaml": "version: v2\nmodules:\n  - path: api\n    excludes: [api/old]\n",
      "api/acme/a.proto": echoProto("acme"),
      "api/old/a.proto": echoProto("acme"),
    });
    const run = await p.runWith({ env: { PATH: dirname(process.execPath) } }, ".", "-o", "gen");
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toContain("protoc");
    expect(p.list("gen")).toEqual(["acme/a_grpc.ts", "acme/a_pb.ts"]);
  });
});

describe("imports by a Go module's path", () => {
  const files = {
    "go.mod": "module example.com/acme/shop\n\ngo 1.24\n\nrequire (\n\tk8s.io/api v0.31.0 // indirect\n)\n",
    "api/v1/item.proto": message("api.v1", "Item"),
    "svc/shop.proto": message("svc", "Shop", ["example.com/acme/shop/api/v1/item.proto"]),
  };
  const outputs = ["example.com/acme/shop/api/v1/item_pb.ts", "example.com/acme/shop/svc/shop_pb.ts"];

  test("are found by themselves, and by -I PREFIX=FOLDER", async () => {
    const p = project(files);
    for (const args of [[], ["-I", "example.com/acme/shop=."]]) {
      expect(await p.run(".", "-o", "gen", ...args)).toMatchObject({ code: 0, stderr: "" });
      expect(p.list("gen")).toEqual(outputs);
    }
  });

  test("that is no module's, but stands in front of the inputs' names, is advised as -I PREFIX=FOLDER", async () => {
    const p = project({
      "kvpb/kv.proto": message("kvpb", "KV"),
      "rpcpb/rpc.proto": message("rpcpb", "Rpc", ["store/api/kvpb/kv.proto"]),
    });
    const run = await p.run(".", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("→ add -I store/api=.\n");
    expect(await p.run(".", "-o", "gen", "-I", "store/api=.")).toMatchObject({ code: 0, stderr: "" });
    // What would bring one name and lose another ("in place of") is no advice.
    p.write("rpcpb/more.proto", message("rpcpb", "More", ["rpc.proto"]));
    const next = await p.run(".", "-o", "gen", "-I", "store/api=.");
    expect(next.stderr).toContain("→ add -I rpcpb before the others\n");
    expect((await p.run(".", "-o", "gen", "-I", "rpcpb", "-I", "store/api=.")).code).toBe(0);
  });

  test("with an -I that cannot work, the one that does is told", async () => {
    const p = project(files);
    const run = await p.run(".", "-o", "gen", "-I", ".");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("→ write -I example.com/acme/shop=. in place of -I .\n");
  });

  test.skipIf(!hasLinks)("a link that stands in for the path names one file, not two", async () => {
    const p = project(files);
    mkdirSync(p.path("inc/example.com/acme"), { recursive: true });
    symlinkSync("../../..", p.path("inc/example.com/acme/shop"));
    expect(await p.run(".", "-o", "gen", "-I", "inc")).toMatchObject({ code: 0, stderr: "" });
    expect(p.list("gen")).toContain(outputs[0]);
  });

  test("of a module that go.mod requires come from the module cache", async () => {
    const wanted = "k8s.io/api/core/v1/generated.proto";
    const p = project({
      ...files,
      "svc/shop.proto": message("svc", "Shop", [wanted]),
      "cache/k8s.io/api@v0.31.0/core/v1/generated.proto": message("k8s.core", "Pod"),
    });
    const run = (cache: string) => p.runWith({ env: { GOMODCACHE: p.path(cache) } }, "svc", "-o", "gen");
    expect((await run("empty")).stderr).toContain(
      `the Go module k8s.io/api has it: go mod download k8s.io/api, then add -I k8s.io/api="$(go list -m -f '{{.Dir}}' k8s.io/api)"`,
    );
    expect((await run("cache")).stderr).toContain("→ add -I k8s.io/api=cache/k8s.io/api@v0.31.0\n");
    const mended = await p.run("svc", "-o", "gen", "-I", "k8s.io/api=cache/k8s.io/api@v0.31.0");
    expect(mended).toMatchObject({ code: 0, stderr: "" });
  });

  test("of a required module are looked for in it, and never advised where it has none", async () => {
    const [included, other, none] = ["apis/meta.proto", "apis/other.proto", "apis/none.proto"].map(
      (rest) => `k8s.io/api/${rest}`,
    );
    const p = project({
      ...files,
      "svc/a.proto": message("svc", "A", [included ?? ""]),
      "svc/b.proto": message("svc", "B", [other ?? ""]),
      "svc/c.proto": message("svc", "C", [none ?? ""]),
      "svc/shop.proto": message("svc", "Shop"),
      [`cache/k8s.io/api@v0.31.0/include/${included}`]: message("meta", "Meta"),
      "cache/k8s.io/api@v0.31.0/src/apis/other.proto": message("other", "Other"),
    });
    const { stderr } = await p.runWith({ env: { GOMODCACHE: p.path("cache") } }, "svc", "-o", "gen");
    expect(stderr.match(/→ .*/g)).toEqual([
      "→ add -I cache/k8s.io/api@v0.31.0/include",
      "→ add -I k8s.io/api=cache/k8s.io/api@v0.31.0/src",
      "→ go.mod requires k8s.io/api v0.31.0, which has no such file",
    ]);
  });

  test("a disk part that is no folder is named", async () => {
    const run = await project(files).run(".", "-o", "gen", "-I", "example.com=nowhere");
    expect(run).toMatchObject({
      code: 2,
      stderr: 'error GS1005: --proto-path: "nowhere" (of "example.com=nowhere") does not exist\n',
    });
  });
});

describe("missing imports", () => {
  const missing = (packageName: string) =>
    message(packageName, "M", [
      "gogoproto/gogo.proto",
      `vendor_${packageName}/x.proto`,
      "google/api/annotations.proto",
    ]);
  const files = { "protos/a.proto": missing("a"), "protos/b.proto": missing("b"), "protos/c.proto": missing("c") };

  test("are all told at once, by where each comes from", async () => {
    const { code, stderr } = await project(files).run("protos", "-o", "gen");
    expect(code).toBe(1);
    expect(stderr.match(/GS2004/g)).toHaveLength(3);
    expect(stderr).toContain(
      'protos/a.proto:3:1: error GS2004: import "gogoproto/gogo.proto" was not found, also in protos/b.proto:3, protos/c.proto:3\n',
    );
    expect(stderr).toContain('3 imports were not found: "vendor_a/x.proto" (protos/a.proto:4), "vendor_b/x.proto"');
    expect(stderr).toContain('import "google/api/annotations.proto" was not found, also in protos/b.proto:5');
  });

  test("where buf.yaml has dependencies and buf is missing, it is buf that is advised", async () => {
    const p = project({
      ...files,
      "buf.yaml": "version: v2\nmodules:\n  - path: protos\ndeps:\n  - buf.build/googleapis/googleapis\n",
    });
    const { stderr } = await p.runWith({ env: { PATH: dirname(process.execPath) } }, "protos", "-o", "gen");
    expect(stderr.match(/GS2004/g)).toHaveLength(1);
    expect(stderr).toContain("5 imports were not found: ");
    expect(stderr).toContain(
      "→ buf.yaml lists buf.build/googleapis/googleapis, which buf fetches: npm install -D @bufbuild/buf, and gen-stubs compiles with it\n",
    );
  });

  test("are looked for up to the workspace's root, and among the inputs", async () => {
    const p = project({
      "package.json": "{}",
      "third_party/common/b.proto": message("common", "B"),
      "packages/x/protos/a.proto": message("a", "A", ["common/b.proto", "lib/c.proto"]),
      "packages/x/.hidden/lib/c.proto": message("lib", "C"),
    });
    const run = await p.runWith({ cwd: "packages/x" }, "protos", ".hidden/lib", "-I", "protos", "-o", "gen");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("→ add -I ../../third_party\n");
    expect(run.stderr).not.toContain("lib/c.proto");
  });
});

describe("roots stay", () => {
  const b = echoProto("acme.v1", "B").replaceAll("Ping", "Pong");
  test("when the first import is written that needs the higher one", async () => {
    const p = project({
      "protos/acme/v1/a.proto": echoProto("acme.v1"),
      "protos/acme/v1/b.proto": b,
      "protos/acme/common/x.proto": message("acme.common", "X"),
    });
    await p.run("protos/acme/v1", "-o", "gen");
    const before = p.list("gen");
    expect(before).toEqual(["acme/v1/a_grpc.ts", "acme/v1/a_pb.ts", "acme/v1/b_grpc.ts", "acme/v1/b_pb.ts"]);
    p.write(
      "protos/acme/v1/a.proto",
      echoProto("acme.v1").replace("message", 'import "acme/common/x.proto";\nmessage'),
    );
    const run = await p.run("protos/acme/v1", "-o", "gen");
    expect(run.code).toBe(0);
    expect(p.list("gen")).toEqual(["acme/common/x_pb.ts", ...before]);
    expect(run.stdout).not.toContain("earlier runs");
  });

  test("and where they cannot, it is told what moved, and what stays behind", async () => {
    const p = project({
      "api/proto/lib/a.proto": echoProto("a"),
      "api/proto/lib/b.proto": b,
    });
    await p.run("api", "-o", "gen");
    expect(p.list("gen")).toContain("proto/lib/a_pb.ts");
    p.write("api/proto/lib/a.proto", echoProto("a").replace("message", 'import "lib/b.proto";\nmessage'));
    const run = await p.run("api", "-o", "gen");
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(
      "4 files of earlier runs are not generated any more, and still are there: proto/lib/a_grpc.ts",
    );
    expect(run.stdout).toContain("Moved, because the import names changed: proto/lib/a_grpc.ts → lib/a_grpc.ts");
    await p.run("api", "-o", "gen", "--clean");
    expect(p.list("gen")).toEqual(["lib/a_grpc.ts", "lib/a_pb.ts", "lib/b_grpc.ts", "lib/b_pb.ts"]);
  });
});

const cases = fileURLToPath(new URL("../../../shared/cases/", import.meta.url));
const hasCases = existsSync(cases);

/** The small inputs of reports, copied where they can be run; links may have been lost on the way. */
describe.skipIf(!hasCases)(`reported trees${hasCases ? "" : " (skipped: ../shared/cases is not there)"}`, () => {
  const copied = (name: string, links: Readonly<Record<string, string>> = {}) => {
    const p = project({});
    cpSync(join(cases, name), p.folder, { recursive: true, filter: (path) => !/\/gen\d?$/.test(path) });
    for (const [link, target] of Object.entries(links)) {
      rmSync(p.path(link), { force: true });
      symlinkSync(target, p.path(link));
    }
    return p;
  };

  test.each<[string, string[], string, Readonly<Record<string, string>>]>([
    ["cli-go-module-import", ["."], ".", {}],
    ["cli-linked-folder", ["protos"], "app", { "app/protos/shared": "../../shared" }],
    ["cli-symlinked-folder", ["protos"], ".", { "protos/acme": "vendored/acme" }],
    ["cli-root-moves", ["protos/acme/v1"], ".", {}],
  ])("%s is generated", async (name, args, cwd, links) => {
    expect(await copied(name, links).runWith({ cwd }, ...args, "-o", "out")).toMatchObject({ code: 0, stderr: "" });
  });

  test.each([
    ["cli-build-copy", ".", "GS2013: a second copy of protos/a.proto"],
    ["cli-missing-imports", "protos", '3 imports were not found: "vendor_a/x.proto" (protos/a.proto:1)'],
    [
      "cli-rpc-named-like-message",
      "protos",
      "write the message with its package and a dot in front, .shop.v1.OpenOrders",
    ],
    ["cli-two-import-styles", "protos", 'write import "common/money.proto" in protos/common/price.proto:3'],
    ["peers-same-file-two-names", "protos", 'write import "acme/api/part.proto" in protos/acme/api/parts.proto:3'],
  ])("%s is refused with the right words", async (name, input, said) => {
    const run = await copied(name).run(input, "-o", "out");
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(said);
    expect(run.stderr).not.toContain("already defined");
  });

  test("cli-two-roots-one-out: no run touches the other's files", async () => {
    const p = copied("cli-two-roots-one-out");
    await p.run("svc-a/proto", "-o", "out/inner");
    const before = p.list("out");
    await p.run("svc-b/proto", "-o", "out", "--clean");
    expect(p.list("out")).toEqual(expect.arrayContaining([...before]));
    await p.run("svc-a/proto", "-o", "both", "--clean");
    const second = await p.run("svc-b/proto", "-o", "both", "--clean");
    expect(second.code).toBe(1);
    expect(second.stderr).toContain("GS5006");
    expect((await p.run("svc-a/proto", "-o", "both", "--check")).code).toBe(0);
  });
});

function canLink(): boolean {
  const folder = mkdtempSync(join(tmpdir(), "gen-stubs-link-"));
  try {
    symlinkSync("nowhere", join(folder, "link"));
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
