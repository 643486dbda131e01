/** `Error.captureStackTrace` of V8; other engines may not have it. */
interface StackTaker {
  captureStackTrace?(target: object, above?: (...args: never[]) => unknown): void;
}
const v8 = Error as StackTaker; // typed by what is used of it

/** Where a call was made. */
export interface CallSite {
  readonly stack?: string;
}

/**
 * Remembers who calls `above`, so that an error made later, by an event of the connection, can name it. The text is made only
 * when somebody reads it.
 */
export function takeCallSite(above: (...args: never[]) => unknown): CallSite {
  const site: CallSite = {};
  v8.captureStackTrace?.(site, above);
  return site;
}

/** Replaces the stack frames of the connection's event by those of the code that made the call. */
export function tellCallSite(error: Error, site: CallSite | undefined): void {
  const frames = site?.stack?.replace(/^.*\n?/, "");
  if (frames !== undefined && frames !== "") error.stack = `${error.name}: ${error.message}\n${frames}`;
}
