/** What Node, Bun and Deno have on `globalThis`; a browser has not. */
interface Platform {
  readonly process?: { emitWarning?(text: string, kind: string): void };
}

/** Where nobody listens, a warning of the process, that `--no-warnings` silences; of the console where there is no process. */
export function warn(text: string): void {
  const platform: Platform = globalThis;
  if (platform.process?.emitWarning !== undefined) platform.process.emitWarning(text, "GenStubsWarning");
  else console.warn(text);
}
