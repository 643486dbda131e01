/**
 * `npm run ts-proto-names`: finds the message names with which ts-proto writes files that do not compile, by compiling every
 * candidate, and writes `src/messages/ts-proto/unusable.ts`. With `--check` it writes nothing, and fails where the list differs.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { candidates } from "./ts-proto-names/candidates.js";
import { failing, runTsProto } from "./ts-proto-names/compile.js";
import { listText, type UnusableNames } from "./ts-proto-names/list.js";
import { plain, protoText, rich, shapes } from "./ts-proto-names/shapes.js";

/** Options that leave out some of what each file has. */
const variants = [
  "useExactTypes=false",
  "outputPartialMethods=false",
  "outputJsonMethods=false",
  "useExactTypes=false,outputPartialMethods=false,outputJsonMethods=false",
];

const root = process.cwd();
const list = join(root, "src/messages/ts-proto/unusable.ts");
const folder = (name: string): string => join(root, ".cache/ts-proto-names", name);

const names = candidates(folder("probe"), probe());
// The types that make exactness are the same in each file, and slow in a rich one.
const plainlyBroken = broken("plain", names, [plain]);
const richlyBroken = broken("rich", names, [rich], "useExactTypes=false");
const suspects = names.filter((name) => plainlyBroken.has(`${name} plain`) || richlyBroken.has(`${name} rich`));
const inShapes = broken("shapes", suspects, [plain, ...shapes]);
const always = suspects.filter((name) => inShapes.has(`${name} plain`));
const inVariants = variants.map((options, index) => broken(`variant${index}`, always, [plain], options));
const found: UnusableNames = {
  never: always.filter((name) => inVariants.every((set) => set.has(`${name} plain`))),
  byDefault: always.filter((name) => !inVariants.every((set) => set.has(`${name} plain`))),
  beside: Object.fromEntries(
    shapes.map(({ name: shape }) => [
      shape,
      suspects.filter((name) => !inShapes.has(`${name} plain`) && inShapes.has(`${name} ${shape}`)),
    ]),
  ),
};
const text = listText(root, found);
console.log(
  `${names.length} names: ${found.never.length + found.byDefault.length} never compile, others beside some fields`,
);
if (process.argv.includes("--check")) {
  if (readFileSync(list, "utf8") !== text) {
    console.error("src/messages/ts-proto/unusable.ts is out of date: npm run ts-proto-names");
    process.exitCode = 1;
  }
} else writeFileSync(list, text);

/** What ts-proto writes for a schema with everything in it, whatever the options. */
function probe(): readonly string[] {
  const out = folder("probe");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  return ["", ...variants, "forceLong=long", "forceLong=bigint,useDate=string,oneof=unions-value", "env=node"].map(
    (options, index) => {
      writeFileSync(join(out, `probe${index}.proto`), protoText(`probe${index}`, "Probe", rich));
      runTsProto(root, out, [`probe${index}.proto`], options);
      return `probe${index}.ts`;
    },
  );
}

function broken(
  step: string,
  checked: readonly string[],
  inThese: readonly (typeof rich)[],
  options = "",
): ReadonlySet<string> {
  const pairs = checked.flatMap((name) => inThese.map((shape) => ({ name, shape })));
  return failing(root, folder(step), pairs, options);
}
