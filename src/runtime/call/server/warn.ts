interface Warner {
  readonly process?: { emitWarning?(text: string, kind: string): void };
}

/** Where nobody listens, a warning of the process, that `--no-warnings` silences; of the console where there is no process. */
export function warn(text: string): void {
  const { process } = globalThis as Warner; // a browser has none
  if (process?.emitWarning !== undefined) process.emitWarning(text, "GenStubsWarning");
  else console.warn(text);
}
