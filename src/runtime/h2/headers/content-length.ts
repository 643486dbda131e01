/** The length of the body that a list without faults declares, in bytes; -1 where it declares none. */
export function contentLengthOf(headers: readonly string[]): number {
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === "content-length") return Number(headers[i + 1]);
  }
  return -1;
}
