import { ping } from "../../support/frames.js";
import { ClientPeer } from "../../support/peer.js";
import { faultOf, type Verdict } from "./peer.js";

/** What our server makes of a client's frames. */
export function ours(frames: readonly Uint8Array[]): Verdict {
  const peer = new ClientPeer({ maxFrameSize: 16_384 });
  const said = peer.send(...frames, ping("theend!!"));
  const ended = said.some(({ type }) => type === "GOAWAY");
  return { connection: ended ? "ended" : "lives", ...faultOf(said) };
}
