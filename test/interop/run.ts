// npm run interop [-- --only guides,official] [--transports http2,grpc-js] [--peers tonic,grpc-java] [--repeat]
import { parseArgs } from "node:util";
import type { Context, Transport } from "./harness/context.js";
import { writeDocument } from "./harness/document.js";
import { compile, generatePrograms } from "./harness/generate.js";
import { buildJavaPeers } from "./harness/java.js";
import { Results } from "./harness/results.js";
import { buildTonicPeers } from "./harness/tonic.js";
import { buildGoPeers, buildPythonPeers, findToolchains } from "./harness/toolchain.js";
import { runConnect } from "./suites/connect.js";
import { runConnectGo } from "./suites/connect-go.js";
import { runEnvoyFleet } from "./suites/envoy-fleet.js";
import { runFrames } from "./suites/frames.js";
import { runGrpcdebug } from "./suites/grpcdebug.js";
import { runGuides } from "./suites/guides.js";
import { runH2spec } from "./suites/h2spec.js";
import { runHpack } from "./suites/hpack.js";
import { runK6 } from "./suites/k6.js";
import { runManifests } from "./suites/manifests.js";
import { runOfficial } from "./suites/official.js";
import { runProxies } from "./suites/proxies.js";
import { runReconnect } from "./suites/reconnect.js";
import { runRelay } from "./suites/relay.js";
import { runRetries } from "./suites/retries.js";
import { runTelemetry } from "./suites/telemetry.js";
import { runTools } from "./suites/tools.js";
import { runWeb } from "./suites/web.js";
import { runXds } from "./suites/xds.js";

const suites: Record<string, (context: Context) => Promise<void>> = {
  guides: runGuides,
  reconnect: runReconnect,
  retries: runRetries,
  official: runOfficial,
  connect: runConnect,
  "connect-go": runConnectGo,
  h2spec: runH2spec,
  hpack: runHpack,
  frames: runFrames,
  tools: runTools,
  telemetry: runTelemetry,
  grpcdebug: runGrpcdebug,
  k6: runK6,
  proxies: runProxies,
  relay: runRelay,
  "envoy-fleet": runEnvoyFleet,
  xds: runXds,
  manifests: runManifests,
  web: runWeb,
};

const { values } = parseArgs({
  options: {
    only: { type: "string", default: Object.keys(suites).join(",") },
    transports: { type: "string", default: "http2,grpc-js" },
    /** Of the guides: tonic, grpc-java, …; of the proxies: nginx, Envoy, … */
    peers: { type: "string" },
    /** A suite that fails is run once more: what fails once is told, and what fails twice counts. */
    repeat: { type: "boolean", default: false },
  },
});

const names = values.only.split(",");
/** The guides alone have peers in Python, Rust and Java: nothing is built that no suite asks for. */
const guides = names.includes("guides");
const results = new Results();
const toolchains = await findToolchains();
if (toolchains.go === undefined) results.skip("everything in Go", "no go on the PATH");
if (toolchains.python === undefined) results.skip("everything in Python", "no python3 with venv on the PATH");
if (toolchains.cargo === undefined) results.skip("tonic", "no cargo on the PATH");
if (toolchains.java === undefined) results.skip("grpc-java", "no mvn and javac on the PATH");
await generatePrograms();
await compile("programs");
const context: Context = {
  results,
  toolchains,
  // The option's own check follows below.
  transports: values.transports.split(",") as Transport[],
  peers: values.peers?.split(","),
  goPeers: toolchains.go === undefined ? undefined : await buildGoPeers(),
  python: toolchains.python === undefined || !guides ? undefined : await buildPythonPeers(),
  tonic: toolchains.cargo === undefined || !guides ? undefined : await buildTonicPeers(),
  javaClasses: toolchains.java === undefined || !guides ? undefined : await buildJavaPeers(),
};

for (const name of names) {
  if (suites[name] === undefined) throw new Error(`no suite ${name}; there are ${Object.keys(suites).join(", ")}`);
}
for (const name of names) {
  let own = await run(name);
  const failed = own.unexpected();
  if (failed.length > 0 && values.repeat) {
    own = await run(name);
    if (own.unexpected().length === 0) for (const line of failed) console.log(`FLAKY, not when repeated: ${line}`);
  }
  results.take(own);
}

// A part of the suites proves a part: the document tells of whole runs only.
if (
  values.peers === undefined &&
  values.only === Object.keys(suites).join(",") &&
  values.transports === "http2,grpc-js"
)
  await writeDocument(context);

const unexpected = results.unexpected();
for (const line of unexpected) console.log(line);
console.log(`${results.lines.filter(({ ok }) => ok).length} passed, ${unexpected.length} failed`);
process.exitCode = unexpected.length === 0 ? 0 : 1;

async function run(name: string): Promise<Results> {
  const own = new Results();
  const started = Date.now();
  try {
    await suites[name]?.({ ...context, results: own });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    own.add({ suite: name, peer: "-", ours: "-", transport: "-", name: "the suite", ok: false, detail });
  }
  const failed = own.lines.filter(({ ok }) => !ok);
  const unknown = failed.filter(({ known }) => known === undefined).length;
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(
    `suite ${name}: ${own.lines.length - failed.length} as they should be, ${failed.length - unknown} known differences, ` +
      `${unknown} failed (${seconds} s)`,
  );
  return own;
}
