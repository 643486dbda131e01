/** The script that `gen-stubs init` adds. */
const script = "generate";

export interface EditedPackage {
  /** The new text; `undefined` where nothing is to be changed. */
  readonly text: string | undefined;
  readonly what: string;
  /** The command that generates. */
  readonly command: string;
}

/** Adds the script to the text of a package.json, and keeps its indentation, its line ends and the order of its keys. */
export function editPackage(text: string): EditedPackage {
  const json: Record<string, unknown> = JSON.parse(text.replace(/^\uFEFF/, ""));
  const scripts: Record<string, unknown> = typeof json["scripts"] === "object" ? { ...json["scripts"] } : {};
  const command = `npm run ${script}`;
  if (typeof scripts[script] === "string") {
    const ours = scripts[script].includes("gen-stubs");
    const what = `the script "${script}" there is`;
    return { text: undefined, what, command: ours ? command : "npx gen-stubs" };
  }
  scripts[script] = "gen-stubs";
  const indent = /^[ \t]+(?=")/m.exec(text)?.[0] ?? "  ";
  const printed = JSON.stringify({ ...json, scripts }, null, indent);
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return {
    text: printed.replaceAll("\n", end) + (text.endsWith("\n") ? end : ""),
    what: `the script "${script}": gen-stubs`,
    command,
  };
}
