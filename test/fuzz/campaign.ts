import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { judgeDescriptorSet } from "./descriptor-sets.js";
import { mutated } from "./mutate.js";
import { judge } from "./oracles.js";
import { deeplyNested, request } from "./requests.js";
import { skeletonOf } from "./skeleton.js";

const requests: Arbitrary<Uint8Array> = fc.oneof(
  { weight: 50, arbitrary: request },
  { weight: 49, arbitrary: mutated(request) },
  { weight: 1, arbitrary: deeplyNested },
);

/**
 * One batch of runs, settled by its seed. Returns what fast-check reports of the first failure, shrunk.
 *
 * @param onRun called before each run
 */
export function batch(root: string, seed: number, runs: number, onRun: () => void): string | undefined {
  const known = knownEdges(root);
  const property = fc.property(requests, (bytes) => {
    onRun();
    judge(bytes, known);
    judgeDescriptorSet(bytes);
  });
  const result = fc.check(property, { seed, numRuns: runs });
  if (!result.failed) return undefined;
  const { errorInstance } = result;
  return `${fc.defaultReportMessage(result)}\n${errorInstance instanceof Error ? errorInstance.stack : errorInstance}`;
}

let edges: ReadonlySet<string> | undefined;

/** The syntax of all that the golden cases expect, which people have read. */
function knownEdges(root: string): ReadonlySet<string> {
  if (edges !== undefined) return edges;
  const fixtures = join(root, "fixtures");
  const files = readdirSync(fixtures, { recursive: true, encoding: "utf8" }).filter((file) =>
    /_grpc(\.d)?\.[jt]s$/.test(file),
  );
  edges = new Set(
    files.flatMap((file) => {
      const skeleton = skeletonOf(file, readFileSync(join(fixtures, file), "utf8"));
      if (typeof skeleton === "string") throw new Error(`${file} does not parse: ${skeleton}`);
      return [...skeleton.edges];
    }),
  );
  return edges;
}
