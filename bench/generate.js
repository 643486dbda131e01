// Generates the stubs of every peer from protos/bench.proto into gen/.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const here = import.meta.dirname;
const root = join(here, "..");
const out = join(here, "gen");
const protoc = createRequire(import.meta.url).resolve("protoc/protoc.cjs");
const outputs = {
  es: [
    `--plugin=protoc-gen-es=${join(root, "node_modules/.bin/protoc-gen-es")}`,
    "--es_opt=target=ts,import_extension=js",
    "--es_out",
  ],
  // For bench:codec. The stubs that come with them are overwritten by those below: calls are measured with the defaults.
  codecs: [
    `--plugin=protoc-gen-stubs=${join(root, "bin/protoc-gen-stubs.js")}`,
    "--stubs_opt=target=ts,import_extension=js,codec=generated",
    "--stubs_out",
  ],
  stubs: [
    `--plugin=protoc-gen-stubs=${join(root, "bin/protoc-gen-stubs.js")}`,
    "--stubs_opt=target=ts,import_extension=js",
    "--stubs_out",
  ],
  // The same once more, whose stubs use those codecs: with what else makes streams cheap, a peer of its own.
  "es-generated": [
    `--plugin=protoc-gen-es=${join(root, "node_modules/.bin/protoc-gen-es")}`,
    "--es_opt=target=ts,import_extension=js",
    `--es_out=${join(out, "es-generated")}`,
    `--plugin=protoc-gen-stubs=${join(root, "bin/protoc-gen-stubs.js")}`,
    "--stubs_opt=target=ts,import_extension=js,codec=generated",
    "--stubs_out",
  ],
  "ts-proto": [
    `--plugin=protoc-gen-ts_proto=${join(here, "node_modules/.bin/protoc-gen-ts_proto")}`,
    "--ts_proto_opt=esModuleInterop=true,importSuffix=.js,outputServices=grpc-js",
    "--ts_proto_out",
  ],
  "nice-grpc": [
    `--plugin=protoc-gen-ts_proto=${join(here, "node_modules/.bin/protoc-gen-ts_proto")}`,
    "--ts_proto_opt=esModuleInterop=true,importSuffix=.js,outputServices=nice-grpc,outputServices=generic-definitions",
    "--ts_proto_out",
  ],
};

rmSync(out, { recursive: true, force: true });
for (const [name, args] of Object.entries(outputs)) {
  // Stubs and codecs import the messages beside them.
  const folder = join(out, name === "stubs" || name === "codecs" ? "es" : name);
  mkdirSync(folder, { recursive: true });
  const last = args[args.length - 1];
  const run = spawnSync(
    process.execPath,
    [protoc, `--proto_path=${join(here, "protos")}`, ...args.slice(0, -1), `${last}=${folder}`, "bench.proto"],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  if (run.status !== 0) process.exit(1);
}
