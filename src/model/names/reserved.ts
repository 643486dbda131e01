/**
 * Words that cannot name a binding in a module of ours: reserved words of ECMAScript (strict mode and modules), the
 * names that TypeScript refuses for a type, and those that CommonJS has bound.
 */
export const reservedIdentifiers: readonly string[] = (
  "arguments await break case catch class const continue debugger default delete do else enum eval export extends " +
  "false finally for function if implements import in instanceof interface let new null package private protected " +
  "public return static super switch this throw true try typeof var void while with yield " +
  "any as asserts async bigint boolean globalThis Infinity infer is keyof NaN never number object readonly string " +
  "symbol undefined unique unknown " +
  "__dirname __filename exports module require"
).split(" ");

/**
 * Names that a method must not have, because JavaScript or a common tool calls them by itself: `then` would make an
 * awaited client send a request, the members of `Object.prototype` are what logging, comparing and looking up
 * call, `toJSON` is called by `JSON.stringify`.
 */
export const reservedMethods: readonly string[] = [...Object.getOwnPropertyNames(Object.prototype), "then", "toJSON"];
