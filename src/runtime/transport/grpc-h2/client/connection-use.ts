/** What is known of a connection that ended. */
export interface EndedConnection {
  /** Whether the server took a call on it. */
  readonly carried: boolean;
  /** Whether the server refused a call on it. */
  readonly refused: boolean;
}

/**
 * What the end of a connection is for the next one: the failure of an attempt, which is followed by a wait; proof that the server serves,
 * after which the next wait is the shortest again; or nothing.
 *
 * @param connecting Whether it was being opened.
 * @param another Whether another one is being opened.
 * @param waiting Whether calls wait for a connection.
 */
export function meaningOfEnd(
  { carried, refused }: EndedConnection,
  connecting: boolean,
  another: boolean,
  waiting: boolean,
): "failed" | "served" | "nothing" {
  if (connecting) return "failed";
  if (carried) return "served";
  // It came up and was of no use. Without a wait, the next would follow at once, and the next.
  return !another && (waiting || refused) ? "failed" : "nothing";
}

/** Whether a connection came up and went before its server took a call, within the first wait of the backoff. */
export function wasUnused(
  { carried, readyAt }: { readonly carried: boolean; readonly readyAt: number | undefined },
  now: number,
  initialBackoffMs: number | undefined,
): boolean {
  return !carried && readyAt !== undefined && now - readyAt < (initialBackoffMs ?? 1000);
}
