import { decodeResponse, type GeneratedFile } from "../descriptors/response.js";
import { GenStubsError } from "../errors/gen-stubs-error.js";
import type { ScriptProcesses } from "./script-processes.js";

/**
 * Runs a protoc plugin written for Node in a process of its own.
 *
 * @throws GenStubsError GS4002 for what the plugin says against the input, GS4003 when it breaks.
 */
export async function runPluginProcess(
  tool: string,
  script: string,
  request: Uint8Array,
  processes: ScriptProcesses,
  signal?: AbortSignal,
): Promise<readonly GeneratedFile[]> {
  const result = await processes.run(script, request, signal);
  if (result.code !== 0) {
    const said = result.stderr.trim();
    // A plugin that refuses says so in a line or two; a stack trace means that it broke.
    const broke = result.signal !== null || said === "" || /\n\s+at /.test(said);
    throw new GenStubsError({
      code: broke ? "GS4003" : "GS4002",
      message: said === "" ? `${tool} ended with ${result.signal ?? `exit code ${result.code}`}` : said,
      ...(broke
        ? { hint: `this looks like a fault of ${tool}; --descriptor-set and its own command line can narrow it down` }
        : {}),
    });
  }
  const { error, files } = decodeResponse(result.stdout);
  if (error !== "") throw new GenStubsError({ code: "GS4002", message: `${tool}: ${error}` });
  return files;
}
