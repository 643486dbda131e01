import type { Dial } from "../byte-pipe.js";

/** Where connections go. */
export interface Destination {
  /** For error texts. */
  readonly name: string;
  readonly dial: Dial;
  /** Which one of a channel's many; undefined where it has no other. */
  readonly server?: string | undefined;
}

/** Where a channel goes: what its calls say. */
export interface CallOrigin {
  /** For error texts. */
  readonly name: string;
  readonly authority: string;
  readonly scheme: "http" | "https";
}
