/** Messages that are there at once, and go one behind the other. */
export interface MessageRun<Init> {
  /** All of them, those that are sent already too. */
  readonly messages: readonly Init[];
  /** The next one to send; who sends moves it on. */
  at: number;
}
