import { displayPath } from "../../compile/paths.js";
import { GenStubsError } from "../../errors/gen-stubs-error.js";
import { findOutputs, type Outputs } from "../config/find-outputs.js";
import type { Io } from "../io.js";
import { nearestPackage } from "../project/nearest-package.js";
import { cacheFolder } from "../project/project-cache.js";
import type { Values } from "../usage/values.js";
import { version } from "../version.js";
import { examineOutput } from "./examine-output.js";
import { examineTools } from "./examine-tools.js";
import { fine, type Row, type Section } from "./row.js";

/** What a run with these arguments would use, and what would come of it. */
export async function examine(values: Values, io: Io): Promise<readonly Section[]> {
  const { cwd } = io;
  const sections: Section[] = [
    {
      title: "This machine",
      rows: [
        fine("gen-stubs", version()),
        fine("Node", `${process.versions.node} (${process.platform}-${process.arch})`),
        fine("cache", displayPath(cacheFolder(cwd), cwd)),
      ],
    },
  ];
  const outputs = await attempt(() => findOutputs(values, cwd));
  const found = "value" in outputs ? outputs.value : undefined;
  sections.push({ title: "Tools", rows: await examineTools(found?.outputs[0], nearestPackage(cwd), cwd) });
  sections.push({ title: "Config", rows: "rows" in outputs ? outputs.rows : [configRow(found, cwd)] });
  for (const options of found?.outputs ?? []) {
    const examined = await attempt(() => examineOutput(options, cwd));
    const rows = "rows" in examined ? examined.rows : examined.value;
    sections.push({ title: `Output ${options.out}`, rows });
  }
  return sections;
}

function configRow(found: Outputs | undefined, cwd: string): Row {
  if (found?.config !== undefined) return fine("file", displayPath(found.config, cwd));
  const hint = found === undefined ? "; gen-stubs init writes one" : "";
  return { name: "file", text: `none${hint}`, state: "note" };
}

/** What comes of a step, or rows that say what is wrong. */
async function attempt<Value>(step: () => Promise<Value>): Promise<{ value: Value } | { rows: readonly Row[] }> {
  try {
    return { value: await step() };
  } catch (error) {
    if (!(error instanceof GenStubsError)) throw error;
    const rows = error.faults.map(({ code, message, file, hint }): Row => {
      const where = file === undefined ? "" : `${file}: `;
      return { name: code, text: `${where}${message}${hint === undefined ? "" : `; ${hint}`}`, state: "wrong" };
    });
    return { rows };
  }
}
