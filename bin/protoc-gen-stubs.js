#!/usr/bin/env node
import { nodeProblem } from "../dist/process/node-version.js";

const problem = nodeProblem("protoc-gen-stubs", process.versions.node);
if (problem === undefined) import("../dist/plugin/main.js").then(({ main }) => main(process.argv.slice(2)));
else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
