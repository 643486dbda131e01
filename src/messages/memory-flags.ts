/** The input, in bytes, up to which all generators' processes have the same limit of memory. */
export const usualInput: number = 16 << 20;

/**
 * Flags of Node that keep a generator's memory near what it needs.
 *
 * Most of what a generator makes lives to its end: a larger space for what does not saves no time, and costs 50 to 90 MB. And
 * the further its limit, the more V8 lets a heap grow before it collects: protoc-gen-es, which needs 200 MB for a file of 5 MB
 * and some thousand types, takes 450 MB with the limit that V8 chooses. A limit that the user has chosen is kept.
 *
 * @param input bytes that the generator is to read
 */
export function memoryFlags(input: number, nodeOptions: string = process.env["NODE_OPTIONS"] ?? ""): readonly string[] {
  const young = "--max-semi-space-size=2";
  if (/--max[-_]old[-_]space[-_]size/.test(nodeOptions)) return [young];
  const megabytes = Math.ceil((64 * Math.max(input, usualInput)) / (1 << 20));
  return [young, `--max-old-space-size=${megabytes}`];
}
