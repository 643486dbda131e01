import { fromBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { GenerateError } from "../../src/model/generate-error.js";
import { runBytes } from "../../src/plugin/run.js";
import { skeletonOf } from "./skeleton.js";

/**
 * Runs the plugin on bytes from anywhere and holds the answer against what is promised for all of them. Throws where
 * something is not as it should be.
 *
 * @param known edges of the syntax trees of well-known output: there must be no others
 */
export function judge(bytes: Uint8Array, known: ReadonlySet<string>): void {
  let answer: Uint8Array;
  try {
    answer = runBytes(bytes);
  } catch (error) {
    // Said on stderr, in a line: the bytes are no request.
    if (error instanceof GenerateError && !`${error}`.includes("\n")) return;
    throw error;
  }
  const { error, file } = fromBinary(CodeGeneratorResponseSchema, answer);
  if (error !== "") {
    if (file.length > 0) throw new Error("an error and files");
    if (/^\s+at /m.test(error)) throw new Error(`a stack trace: ${error}`);
    return;
  }
  const request = asRequest(bytes);
  const paths = new Set<string>();
  for (const { name, content } of file) {
    checkPath(name);
    const key = name.toLowerCase();
    if (paths.has(key)) throw new Error(`two outputs at ${JSON.stringify(name)}`);
    paths.add(key);
    checkContent(name, content, request, known);
  }
}

/** As protobuf-es reads it; undefined where it is stricter than we are (a known field of another wire type). */
function asRequest(bytes: Uint8Array): CodeGeneratorRequest | undefined {
  try {
    return fromBinary(CodeGeneratorRequestSchema, bytes);
  } catch {
    return undefined;
  }
}

function checkPath(name: string): void {
  const parts = name.split("/");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const odd = /[\u0000-\u001f\u007f\\:]/.test(name) || parts.some((part) => part === "" || /^\.\.?$/.test(part));
  if (odd || !/_grpc\.(ts|js|d\.ts)$/.test(name)) throw new Error(`output path ${JSON.stringify(name)}`);
}

function checkContent(
  name: string,
  content: string,
  request: CodeGeneratorRequest | undefined,
  known: ReadonlySet<string>,
): void {
  const skeleton = skeletonOf(name, content);
  if (typeof skeleton === "string") throw new Error(`${name} does not parse: ${skeleton}\n${content}`);
  const stray = [...skeleton.edges].find((edge) => !known.has(edge));
  if (stray !== undefined) throw new Error(`${name} has a node that no template has, ${stray}\n${content}`);

  if (request === undefined) return;
  // `a` and `a.proto` may both be there, one of them without services.
  const stem = name.replace(/(\.d)?\.[jt]s$/, "");
  const sources = request.protoFile.filter((file) => `${file.name.replace(/\.proto$/, "")}_grpc` === stem);
  const services = sources.flatMap(({ service }) => service);
  const methods = services.reduce((sum, { method }) => sum + method.length, 0);
  const most = new Map([
    ["ImportDeclaration", 4 + 2 * methods],
    ["TypeAliasDeclaration", 2 * methods],
    ["VariableStatement", 2 * services.length],
    ["FirstStatement", 2 * services.length],
    ["ClassDeclaration", 2 * services.length],
    ["InterfaceDeclaration", services.length],
    // `export {};` where there is nothing to export.
    ["ExportDeclaration", 1],
  ]);
  for (const [kind, count] of skeleton.statements) {
    if (count > (most.get(kind) ?? 0)) throw new Error(`${name} has ${count} of ${kind}\n${content}`);
  }
  const limit = Math.max(0, ...services.map(({ method }) => method.length)) + 2;
  if (skeleton.members.some((count) => count > limit))
    throw new Error(`${name} has a class of too many members\n${content}`);
}
