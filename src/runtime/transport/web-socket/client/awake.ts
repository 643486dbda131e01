/** What browsers have for it, and their workers in part. */
interface Events {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
}
interface Page extends Events {
  readonly document?: Events & { readonly visibilityState?: string };
}

/**
 * Calls `run` when the network is back (`online`), and when a page is looked at again that may have slept: its timers did too.
 * Returns what ends that.
 */
export function whenAwake(run: () => void): () => void {
  const page = globalThis as Page; // what is there is looked for
  const { document } = page;
  const onVisible = (): void => {
    if (document?.visibilityState === "visible") run();
  };
  page.addEventListener?.("online", run);
  document?.addEventListener?.("visibilitychange", onVisible);
  return () => {
    page.removeEventListener?.("online", run);
    document?.removeEventListener?.("visibilitychange", onVisible);
  };
}
