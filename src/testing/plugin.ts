import { encodeRequest } from "../descriptors/request.js";
import { decodeResponse } from "../descriptors/response.js";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import { runProcess } from "../process/run-process.js";
import { type ProtoText, withCompiled } from "./proto-folder.js";

/**
 * A protoc plugin: a function from an encoded CodeGeneratorRequest to a CodeGeneratorResponse, or the path of a program, which is
 * run with Node where it ends in `.js`, `.mjs` or `.cjs`.
 */
export type Plugin = string | ((request: Uint8Array) => Uint8Array | Promise<Uint8Array>);

/**
 * The `CodeGeneratorRequest` (google/protobuf/compiler/plugin.proto) that protoc would hand to a plugin for these files, encoded.
 *
 * @param parameter the plugin's options, `a=b,c=d`
 * @throws GenStubsError with the faults of the texts
 */
export async function request(protos: ProtoText, parameter = ""): Promise<Uint8Array> {
  return withCompiled(protos, async ({ files, generate }) => encodeRequest(files, generate, parameter));
}

/**
 * Runs a plugin on texts, and gives the files it makes, by name.
 *
 * @param parameter the plugin's options, `a=b,c=d`
 * @throws GenStubsError with the faults of the texts, or GS4002 with what the plugin says against them; Error where it breaks
 */
export async function runPlugin(protos: ProtoText, plugin: Plugin, parameter = ""): Promise<Record<string, string>> {
  const bytes = await request(protos, parameter);
  const { error, files } = decodeResponse(
    await (typeof plugin === "string" ? runProgram(plugin, bytes) : plugin(bytes)),
  );
  if (error !== "") throw new GenStubsError({ code: "GS4002", message: error });
  return byName(files);
}

async function runProgram(path: string, stdin: Uint8Array): Promise<Uint8Array> {
  const [command, args] = /\.[cm]?js$/.test(path) ? [process.execPath, [path]] : [path, []];
  const { code, signal, stdout, stderr } = await runProcess(command, args, { stdin });
  if (code === 0) return stdout;
  throw new Error(`${path} ended with ${signal ?? `exit code ${code}`}: ${stderr.trim()}`);
}

/** Files by name, sorted, so that snapshots do not depend on the order they were made in. */
export function byName(files: readonly { readonly name: string; readonly content: string }[]): Record<string, string> {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  return Object.fromEntries(sorted.map(({ name, content }) => [name, content]));
}
