import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { runBytes } from "../../../src/plugin/run.js";
import * as runtime from "../../../src/runtime/codec-es-v1.js";
import type { CodecOf } from "./judge.js";
import { pkg, type RandomSchema } from "./schema.js";

/** The codecs that `codec=generated` makes of a schema, loaded. */
export function generatedCodecs({ file, registry, messages }: RandomSchema): CodecOf {
  const dependencies = [...registry.files].map(({ proto }) => proto).filter(({ name }) => name !== file.name);
  const request = create(CodeGeneratorRequestSchema, {
    fileToGenerate: [file.name],
    parameter: "target=js,codec=generated",
    protoFile: [...dependencies, file],
  });
  const response = fromBinary(CodeGeneratorResponseSchema, runBytes(toBinary(CodeGeneratorRequestSchema, request)));
  const content = response.file.find(({ name }) => name === "fuzz_codec.js")?.content;
  if (content === undefined) throw new Error(`no codec file: ${response.error}`);
  const schemas = Object.fromEntries(messages.map((desc) => [`${localName(desc.typeName)}Schema`, desc]));
  const exported = load(
    content,
    new Map<string, object>([
      ["gen-stubs-runtime/codec-es-v1", runtime],
      ["./fuzz_pb", schemas],
    ]),
  );
  return (desc) => {
    const codec = exported[`${localName(desc.typeName)}Codec`];
    if (codec === undefined) throw new Error(`no codec of ${desc.typeName}`);
    return codec;
  };
}

function localName(typeName: string): string {
  return typeName.slice(pkg.length + 1).replaceAll(".", "_");
}

/** Runs a module's text, with these modules for its imports. Returns its exported constants. */
function load(text: string, modules: ReadonlyMap<string, object>): Record<string, ReturnType<CodecOf>> {
  const names = [...text.matchAll(/^export const (\S+) =/gm)].map(([, name]) => name);
  const body = text
    .replaceAll(/^import \{([^}]*)\} from "(.*)";$/gm, (_, list: string, from: string) => {
      return `const {${list.replaceAll(" as ", ": ")}} = modules.get("${from}");`;
    })
    .replaceAll(/^export /gm, "");
  // What is run is what our own plugin has just written.
  return new Function("modules", `"use strict"; ${body}\nreturn { ${names.join(", ")} };`)(modules);
}
