import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { proxyVersions } from "../proxies/install.js";
import type { Context } from "./context.js";
import { firstLine } from "./exec.js";
import { root } from "./paths.js";
import type { Judged } from "./results.js";
import { readVersions } from "./toolchain.js";

/** Writes docs/conformance.md: what this run has proven, with which versions, and what it has not. */
export async function writeDocument({ results, toolchains, transports, python }: Context): Promise<void> {
  const parts = [
    "# What was proven\n\nWritten by `npm run interop`: do not edit. Everything ran over loopback, each transport against the same peers.",
    await versions(toolchains, python !== undefined),
    await promises(),
    ...[
      "guides",
      "reconnect",
      "retries",
      "official",
      "hpack",
      "frames",
      "tools",
      "k6",
      "proxies",
      "relay",
      "envoy-fleet",
      "xds",
      "manifests",
    ].map((suite) =>
      matrix(
        titles[suite] ?? suite,
        results.lines.filter((line) => line.suite === suite),
        transports,
      ),
    ),
    matrix(
      "gRPC-Web by fetch, through Envoy to servers of gRPC",
      results.lines.filter((line) => line.suite === "web"),
      ["fetch"],
    ),
    matrix(
      "connect-go: its server called by our client, its client calling our server's doors",
      results.lines.filter((line) => line.suite === "connect-go"),
      ["http2", "fetch"],
    ),
    conformance(results),
    h2spec(results),
    differences(results.lines),
    ...(results.skipped.length > 0 ? [`## Skipped\n\n${results.skipped.map((line) => `- ${line}`).join("\n")}`] : []),
  ];
  await writeFile(join(root, "docs", "conformance.md"), `${parts.join("\n\n")}\n`);
}

const titles: Readonly<Record<string, string>> = {
  guides: "The guides' services, in Go, Python, Rust (tonic), Java (grpc-java) and plain grpc-js",
  reconnect: "The subscription that reconnects",
  retries: "Retries and hedging (gRFC A6), attempt by attempt, with grpc-go as server and as client",
  official: "gRPC's interop cases",
  hpack: "HPACK",
  frames: "Random frames, beside other servers",
  tools: "Tools: grpcurl, grpc-health-probe, ghz",
  k6: "k6",
  proxies: "Reverse proxies between client and server",
  relay: "`webSocketChannel` through `attachRelay`, to servers that know nothing of WebSockets",
  "envoy-fleet": "Three servers behind Envoy",
  xds: "xDS, by grpc-js",
  manifests: "Kubernetes manifests of examples/fleet",
};

async function versions({ go, python, cargo, java }: Context["toolchains"], withPython: boolean): Promise<string> {
  const read = async (path: string): Promise<string> => {
    const manifest = JSON.parse(await readFile(join(root, "node_modules", path, "package.json"), "utf8"));
    return `${path} ${(manifest as { version: string }).version}`;
  };
  const pinned = (await readVersions()).map(({ name, version }) => `${name} ${version}`);
  const requirements = await readFile(join(root, "test", "interop", "python", "requirements.txt"), "utf8");
  const protoc = await firstLine(process.execPath, [join(root, "node_modules", "protoc", "protoc.cjs"), "--version"]);
  const rows: [string, string][] = [
    ["date", new Date().toISOString().slice(0, 10)],
    ["platform", `${process.platform} ${process.arch}, Node ${process.versions.node}`],
    [
      "Node packages",
      (await Promise.all(["@grpc/grpc-js", "@bufbuild/protobuf", "@grpc/proto-loader", "@types/k6"].map(read))).join(
        ", ",
      ),
    ],
    ["protoc", protoc ?? "none"],
    ["Go", go === undefined ? "none" : `${go.replace("go version ", "")}; ${pinned.join(", ")}`],
    [
      "Python",
      python === undefined || !withPython ? "none" : `${python}; ${requirements.trim().split("\n").join(", ")}`,
    ],
    [
      "Rust",
      cargo === undefined
        ? "none"
        : `${cargo}; tonic ${await pinnedIn("tonic/Cargo.lock", /"tonic"\nversion = "([^"]+)/)}`,
    ],
    [
      "Java",
      java === undefined
        ? "none"
        : `${java}; grpc-java ${await pinnedIn("java/pom.xml", /grpc-stub<\/artifactId>\s*<version>([^<]+)/)}`,
    ],
    ["Proxies", (await proxyVersions()).join(", ") || "none"],
  ];
  return `| what | version |\n|---|---|\n${rows.map((row) => `| ${row.join(" | ")} |`).join("\n")}`;
}

/** What a file of test/interop pins. */
async function pinnedIn(file: string, pattern: RegExp): Promise<string> {
  return (await readFile(join(root, "test", "interop", file), "utf8")).match(pattern)?.[1] ?? "?";
}

/** The table of promises, which the contract tests write. */
async function promises(): Promise<string> {
  const page = await readFile(join(root, "docs/promises.md"), "utf8");
  const table = page.match(/<!-- contract:[^>]*-->\n([\s\S]*?)\n<!-- \/contract -->/)?.[1];
  return `## Promises\n\nWhat a call keeps, by transport: the number of tests for each (\`npm test\`).\n\n${table ?? "There is no table in docs/promises.md."}`;
}

/** A row for each peer and case, a column for each side and transport. */
function matrix(title: string, lines: readonly Judged[], transports: readonly string[]): string {
  const sides = [...new Set(lines.map(({ ours }) => ours))].sort();
  const columns = sides.flatMap((ours) =>
    (ours === "-" ? ["-"] : transports).map((transport) => ({ ours, transport, key: `${ours} ${transport}` })),
  );
  const rows = new Map<string, Map<string, string>>();
  for (const line of lines) {
    const key = `${line.peer} | ${line.name}`;
    const row = rows.get(key) ?? new Map<string, string>();
    row.set(`${line.ours} ${line.transport}`, line.ok ? "ok" : line.known === undefined ? "**fails**" : "differs");
    rows.set(key, row);
  }
  const heads = columns.map(({ ours, transport }) => (ours === "-" ? "" : `our ${ours}, ${transport}`));
  const body = [...rows].map(
    ([key, row]) => `| ${[key, ...columns.map(({ key: column }) => row.get(column) ?? "")].join(" | ")} |`,
  );
  const rule = "|---".repeat(columns.length + 2);
  return `## ${title}\n\n| peer | case | ${heads.join(" | ")} |\n${rule}|\n${body.join("\n")}`;
}

function conformance(results: Context["results"]): string {
  const text =
    "gRPC over HTTP/2 with protobuf; identity and gzip; with and without TLS and client certificates; receive limits. " +
    "(grpc-go has four known failures on each side.) Over fetch, with Node's own: Connect and gRPC-Web over HTTP/1.1, protobuf and JSON, " +
    "GET, identity, gzip and deflate, TLS and client certificates, receive limits. What no fetch carries is not asked for: bidirectional " +
    "streams, which end with UNIMPLEMENTED. What Node's fetch does not speak is not either: HTTP/2 and HTTP/3. " +
    "Our server with its doors for the web: Connect, gRPC-Web and gRPC on one port, HTTP/1.1 and HTTP/2, protobuf and JSON, GET, " +
    "half-duplex streams over HTTP/1.1, identity, gzip and deflate, with and without TLS and client certificates, receive limits.";
  return `## Connect's conformance suite\n\n${text}\n\n${countTable(results, "connect")}`;
}

function h2spec(results: Context["results"]): string {
  return `## h2spec\n\nHTTP/2 as a hostile client sees it, strict cases too.\n\n${countTable(results, "h2spec")}`;
}

function countTable({ counts }: Context["results"], suite: string): string {
  const rows = counts
    .filter((count) => count.suite === suite)
    .map(({ what, transport, passed, failed }) => `| ${what} | ${transport} | ${passed} | ${failed} |`);
  return `| side | transport | passed | failed |\n|---|---|---|---|\n${rows.join("\n")}`;
}

/** Known differences by reason; the names under each. */
function differences(lines: readonly Judged[]): string {
  const byReason = new Map<string, Set<string>>();
  for (const { ok, known, suite, ours, transport, name } of lines) {
    if (ok || known === undefined) continue;
    const names = byReason.get(known.reason) ?? new Set<string>();
    names.add(
      `${suite}, our ${ours} over ${transport}: ${name.replace(/Compression:\w+\/|TLS:\w+\/|\(grpc server impl\)\//g, "")}`,
    );
    byReason.set(known.reason, names);
  }
  const sections = [...byReason].map(
    ([reason, names]) =>
      `### ${reason}\n\n<details><summary>${names.size} cases</summary>\n\n${[...names].map((name) => `- ${name}`).join("\n")}\n\n</details>`,
  );
  const text = sections.length === 0 ? "None." : sections.join("\n\n");
  return `## Known differences\n\n${text}`;
}
