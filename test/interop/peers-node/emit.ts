/** Writes one line of JSON: a port, a call's end or a verdict. */
export function emit(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
