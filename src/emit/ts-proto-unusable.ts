/** Written by `npm run ts-proto-names`, which compiles what ts-proto writes for every candidate. */

/** With a message of such a name, no file of ts-proto's compiles. */
export const never: ReadonlySet<string> = new Set(
  (
    "await break case catch class const continue debugger default delete do else enum export extends false finally " +
    "for function if import in infer instanceof keyof new null readonly return super switch this throw true try " +
    "typeof unique var void while with"
  ).split(" "),
);

/** The same, unless options leave some of what ts-proto writes out. */
export const byDefault: ReadonlySet<string> = new Set(
  "".split(" "),
);

/** Names that do not compile beside fields of some kind, or beside what some import brings. */
export const beside: Readonly<Record<string, readonly string[]>> = {

};
