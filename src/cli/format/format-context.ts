/** Formatters of the user's that `--format-with` runs. */
export const formatterNames = ["prettier", "biome"] as const;

export type FormatterName = (typeof formatterNames)[number];

/** Where formatted files will lie, and whose formatter it is. */
export interface FormatContext {
  /** Absolute. */
  readonly out: string;
  /** The folder of the project that `out` belongs to: the formatter is installed there or above. */
  readonly project: string;
  /** Ends the formatter; formatting is rejected with its reason then. */
  readonly signal?: AbortSignal | undefined;
}
