#!/usr/bin/env node
import { nodeProblem } from "../dist/process/node-version.js";

const { stdout, stderr, env, argv, versions } = process;
const problem = nodeProblem("gen-stubs", versions.node);
if (problem === undefined) {
  import("../dist/cli/main.js")
    .then(({ main }) => main(argv.slice(2), { stdout, stderr, env, cwd: process.cwd() }))
    .then((exitCode) => {
      process.exitCode = exitCode;
    });
} else {
  stderr.write(`${problem}\n`);
  process.exitCode = 3;
}
