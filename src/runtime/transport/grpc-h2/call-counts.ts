import { status } from "../../core/status.js";

/** Calls since the beginning, and how they ended. */
export class CallCounts {
  started = 0;
  succeeded = 0;
  failed = 0;
  readonly #total: CallCounts | undefined;

  /** @param total Counts these too. */
  constructor(total?: CallCounts) {
    this.#total = total;
  }

  begun(): void {
    this.started++;
    this.#total?.begun();
  }

  ended(code: status): void {
    this.#total?.ended(code);
    if (code === status.OK) this.succeeded++;
    else this.failed++;
  }

  /** As they are now. */
  get now(): { readonly started: number; readonly succeeded: number; readonly failed: number } {
    const { started, succeeded, failed } = this;
    return { started, succeeded, failed };
  }
}
