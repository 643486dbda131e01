import { readFileSync } from "node:fs";
import { join } from "node:path";

const words =
  "abstract any arguments as asserts assert async await bigint boolean break case catch class const continue debugger " +
  "declare default delete do else enum eval export extends false finally for from function get global if implements import " +
  "in infer instanceof interface is keyof let module namespace never new null number object of out override package private " +
  "protected public readonly require return satisfies set static string super switch symbol this throw true try type " +
  "typeof undefined unique unknown using var void while with yield accessor defer constructor prototype toString";

const utilityTypes =
  "Awaited Partial Required Readonly Record Pick Omit Exclude Extract NonNullable Parameters ConstructorParameters " +
  "ReturnType InstanceType NoInfer ThisParameterType OmitThisParameter ThisType Uppercase Lowercase Capitalize Uncapitalize " +
  "ReadonlyArray ArrayLike Iterable AsyncIterable Iterator AsyncIterator PromiseLike PropertyKey Buffer Long Observable";

/** The names in our schema itself. */
const own = /^(Probe|probe|[Xx][A-Z])/;

/**
 * Names that a file of ts-proto may use itself: every word in what it writes for a schema with everything in it, the words
 * and types of the language. What `.proto` files cannot call a message is left out.
 *
 * @param folder what ts-proto wrote
 */
export function candidates(folder: string, files: readonly string[]): readonly string[] {
  const written = files.flatMap((file) => readFileSync(join(folder, file), "utf8").match(/[A-Za-z_]\w*/g) ?? []);
  const all = [...words.split(" "), ...utilityTypes.split(" "), ...written];
  // ts-proto takes underscores out of names; what is left is another candidate.
  return [...new Set(all)].filter((name) => /^[A-Za-z][A-Za-z0-9]*$/.test(name) && !own.test(name)).sort();
}
