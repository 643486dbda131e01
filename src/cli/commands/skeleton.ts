import { noCache } from "../../cache/cache.js";
import { exitCodes } from "../../errors/exit-codes.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { findOutputs } from "../config/find-outputs.js";
import { listenForInterruption } from "../interruption.js";
import { jsonText } from "../report/json-text.js";
import { styleFor } from "../report/style.js";
import { briefUsage } from "../usage/brief.js";
import { flags } from "../usage/flags.js";
import { Values } from "../usage/values.js";
import type { Command } from "./command.js";

const shared = [
  "proto-path",
  "exclude",
  "descriptor-set",
  "protoc",
  "config",
  "out",
  "check",
  "messages",
  "opt",
  "messages-opt",
  "cache",
  "json",
  "quiet",
];

/** Writes a class or object that implements a service, and lets it grow with the .proto file. */
export const skeletonCommand: Command = {
  name: "skeleton",
  usage: "<service> [<paths…> --out <folder>] --to <file.ts>",
  summary: "Writes a class that implements a service, or adds the methods it lacks.",
  flags: {
    to: {
      type: "string",
      group: "Skeleton:",
      path: true,
      description: "Your file (required); it may hold other things, and be written in your style",
    },
    style: {
      type: "string",
      group: "Skeleton:",
      default: "class",
      values: ["class", "object"],
      description: "What to write where there is nothing yet: class or object",
    },
    ...Object.fromEntries(Object.entries(flags).filter(([name]) => shared.includes(name))),
    check: {
      type: "boolean",
      group: "Skeleton:",
      once: true,
      description: "Write nothing; exit 1 and say what is missing",
    },
    out: { alias: "o", type: "string", group: "Output:", path: true, description: "Folder that gen-stubs writes to" },
  },
  examples: [
    ["skeleton weather.v1.Weather protos --out src/gen --to src/weather.ts", "a typed method for each rpc"],
    ["skeleton weather.v1.Weather --to src/weather.ts --check", "in CI, with the config of the project"],
  ],
  notes: [
    "The service is named in full, or by the last part where there is one of that name. Methods answer UNIMPLEMENTED until you fill them in. Run again when the .proto file has grown, it adds what is missing, in the order of the .proto file, marks methods whose rpc is gone with a comment, and changes nothing of yours.",
    "The file imports what gen-stubs generates in --out, by the same options. With a config of several outputs, the first that has the service counts.",
  ],
  async run(values, io) {
    if (!values.asks) {
      io.stderr.write(briefUsage(this));
      return exitCodes.usage.code;
    }
    const style = styleOf(values);
    const to = values.single("to");
    if (to === undefined) {
      throw new GenStubsError({ code: "GS1003", message: "--to is missing: give the file to write" });
    }
    const [service = "", ...paths] = values.paths;
    if (service === "") {
      throw new GenStubsError({ code: "GS1003", message: "no service: give its name, weather.v1.Weather" });
    }
    const found = await findOutputs(new Values({ ...values.given, _: paths }, flags), io.cwd);
    if (found === undefined) throw new Error("there are values");
    const [{ runSkeleton }, { projectCache }, { skeletonText }] = await Promise.all([
      import("../skeleton/run-skeleton.js"),
      import("../project/project-cache.js"),
      import("../skeleton/skeleton-text.js"),
    ]);
    const { signal, stop } = listenForInterruption();
    try {
      const cache = found.outputs[0].cache ? projectCache(io.cwd) : noCache;
      const result = await runSkeleton({ outputs: found.outputs, service, to, style }, { cwd: io.cwd, cache, signal });
      const failed = result.faults.length > 0;
      const exitCode = failed ? exitCodes.failed.code : exitCodes.ok.code;
      if (values.flag("json")) io.stdout.write(jsonText({ ok: !failed, exitCode, ...result }));
      else if (failed || !values.flag("quiet")) io.stdout.write(skeletonText(result, styleFor(io.stdout, io.env)));
      return exitCode;
    } finally {
      stop();
    }
  },
};

function styleOf(values: Values): "class" | "object" {
  const style = values.single("style");
  if (style === "class" || style === "object") return style;
  throw new GenStubsError({ code: "GS1002", message: `--style: "${style}" is neither class nor object` });
}
