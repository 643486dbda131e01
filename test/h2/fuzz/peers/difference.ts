import type { Verdict } from "./peer.js";

/** Faults by RFC 9113 that a server lets pass, by our text of them. */
const LENIENT: Readonly<Record<string, RegExp>> = {
  // It looks at no more of frames on idle and closed streams (5.1), and of PUSH_PROMISE (8.4), than their form; of settings at those that it
  // has a use for, once each (6.5.2); it resets the stream alone for padding of HEADERS (6.2), and lets windows pass 2^31-1 (6.9.1).
  "grpc-go":
    /on a stream that (was never opened|is closed)$|^PUSH_PROMISE although push is off|^SETTINGS_[A-Z_]+ of |^HEADERS shorter than its padding|^(the connection's|a stream's) window exceeds/,
  // It ignores some frames on streams that are closed (5.1), with their padding (6.1), and all but the last value of a setting that is
  // said twice (6.5.3).
  "node:http2": /on a stream that is closed$|^DATA shorter than its padding|^SETTINGS_[A-Z_]+ of /,
};

/** What a server refuses although RFC 9113 allows it, by its text: grpc-go takes no trailers of a client (8.1). */
const STRICT: Readonly<Record<string, RegExp>> = { "grpc-go": /^received an illegal stream id/ };

/** What ours sees otherwise than a peer: undefined for nothing, "stricter" for a fault that the peer is known to let pass. */
export function difference(name: string, ours: Verdict, theirs: Verdict): string | undefined {
  if (theirs.connection === "silent") return undefined;
  // Where RFC 9113 asks for a stream error a connection error is allowed too, and some prefer it (5.4.2).
  if (theirs.connection === "ended") {
    if (STRICT[name]?.test(theirs.text) === true) return undefined;
    return ours.code !== undefined ? undefined : `ours found no fault, theirs ended with ${theirs.code} ${theirs.text}`;
  }
  if (ours.connection === "lives") return undefined;
  return LENIENT[name]?.test(ours.text) === true ? "stricter" : `only ours ended, with ${ours.code} ${ours.text}`;
}
