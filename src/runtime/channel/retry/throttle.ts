import type { ParsedRetryThrottling } from "../service-config/index.js";

/**
 * The tokens of one channel (gRFC A6, "Throttling Retry Attempts and Hedged RPCs"): with half of them or fewer, nothing is
 * sent again. Counted in thousandths, so that small ratios add up without a rest.
 */
export class RetryThrottle {
  #rule: ParsedRetryThrottling | undefined;
  #milliTokens = 0;

  /** The rule of the config that holds now. Where it changes, the part of the tokens that is left stays the same. */
  set rule(rule: ParsedRetryThrottling | undefined) {
    const old = this.#rule;
    if (rule === old) return;
    this.#rule = rule;
    if (rule === undefined) return;
    const part = old === undefined ? 1 : this.#milliTokens / old.maxMilliTokens;
    this.#milliTokens = Math.round(part * rule.maxMilliTokens);
  }

  /** Whether there is a rule at all. */
  get active(): boolean {
    return this.#rule !== undefined;
  }

  /** What is left; undefined where nothing is counted. */
  get tokens(): number | undefined {
    return this.#rule === undefined ? undefined : this.#milliTokens / 1000;
  }

  /** Whether something may be sent again. */
  get allows(): boolean {
    return this.#rule === undefined || this.#milliTokens > this.#rule.maxMilliTokens / 2;
  }

  /** A call or an attempt succeeded. */
  succeeded(): void {
    if (this.#rule === undefined) return;
    this.#milliTokens = Math.min(this.#rule.maxMilliTokens, this.#milliTokens + this.#rule.milliTokenRatio);
  }

  /** An attempt failed with a code that its policy names, or the server asked not to be called again. */
  failed(): void {
    this.#milliTokens = Math.max(0, this.#milliTokens - 1000);
  }
}
