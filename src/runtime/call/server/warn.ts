interface Warner {
  readonly process?: { emitWarning?(text: string, kind: string): void };
}

/** Where nobody listens, a warning of the process, that `--no-warnings` silences; of the console where there is no process. */
export function warn(text: string): void {
  const { process: node } = globalThis as Warner; // a browser has none
  if (node?.emitWarning === undefined) console.warn(text);
  else node.emitWarning(text, "GenStubsWarning");
}
