export interface UnusableNames {
  /** With these, no file compiles, whatever the options. */
  readonly never: readonly string[];
  /** With these, no file compiles, unless options leave something out. */
  readonly byDefault: readonly string[];
  /** By what is in a file beside them: a kind of fields, or an import. */
  readonly beside: Readonly<Record<string, readonly string[]>>;
}

/** The module that holds the names, laid out as the formatter has it. */
export function listText({ never, byDefault, beside }: UnusableNames): string {
  const rows = Object.entries(beside).filter(([, names]) => names.length > 0);
  return `/** Written by \`npm run ts-proto-names\`, which compiles what ts-proto writes for every candidate. */

/** With a message of such a name, no file of ts-proto's compiles. */
export const never: ReadonlySet<string> = new Set(
${lines(never, "    ")}.split(" "),
);

/** The same, unless options leave some of what ts-proto writes out. */
export const byDefault: ReadonlySet<string> = new Set(
${lines(byDefault, "    ")}.split(" "),
);

/** Names that do not compile beside fields of some kind, or beside what some import brings. */
export const beside: Readonly<Record<string, readonly string[]>> = {
${rows.map(([key, names]) => `  ${/^\w+$/.test(key) ? key : JSON.stringify(key)}: [${names.map((name) => JSON.stringify(name)).join(", ")}],`).join("\n")}
};
`;
}

/** The names as one text, cut into lines of at most 120 characters. */
function lines(names: readonly string[], indent: string): string {
  const rows: string[] = [];
  let row = "";
  for (const name of names) {
    if (row.length + name.length + indent.length > 112) {
      rows.push(`${row} `);
      row = "";
    }
    row += row === "" ? name : ` ${name}`;
  }
  rows.push(row);
  const quoted = rows.map((text) => `${indent}${JSON.stringify(text)}`).join(" +\n");
  return rows.length === 1 ? quoted.replace(/^ {4}/, "  ") : `  (\n${quoted}\n  )`;
}
