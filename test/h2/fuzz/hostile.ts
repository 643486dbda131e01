import { type Frame, join, PREFACE, REQUEST, settings, settingsAck } from "../support/frames.js";
import { ClientPeer, type Recorder, ServerPeer } from "../support/peer.js";

type Side = "server" | "client";

/** What is the same however the bytes were cut. */
interface Outcome {
  readonly events: string[][];
  readonly data: string[];
  readonly verdicts: string[];
  readonly closed: boolean;
}

/** Feeds a connection of ours what a peer says, in pieces, and looks whether it keeps its promises. Throws where it does not. */
export function hostile(side: Side, frames: readonly Uint8Array[], sizes: readonly number[]): void {
  const whole = run(side, frames, [Number.POSITIVE_INFINITY]);
  const cut = run(side, frames, sizes);
  if (JSON.stringify(whole) !== JSON.stringify(cut)) {
    throw new Error(`cut bytes mean something else:\n${JSON.stringify(whole)}\n${JSON.stringify(cut)}`);
  }
}

function run(side: Side, frames: readonly Uint8Array[], sizes: readonly number[]): Outcome {
  const peer = side === "server" ? new ClientPeer({}, false) : new ServerPeer({}, false);
  const recorders: Recorder[] = peer instanceof ClientPeer ? peer.streams : [];
  if (peer instanceof ServerPeer) {
    peer.send(settings());
    for (let i = 0; i < 3; i++) recorders.push(peer.request(REQUEST, i === 1));
  } else {
    peer.send(PREFACE, settings());
  }
  const said: Frame[] = [];
  const bytes = join(settingsAck(), ...frames);
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const piece = bytes.slice(at, at + Math.min(sizes[i % sizes.length]!, bytes.length));
    peer.connection.receive(piece);
    piece.fill(0xdd);
    at += piece.length;
    said.push(...peer.output());
  }
  const verdicts = said
    .filter(({ type }) => type === "RST_STREAM" || type === "GOAWAY")
    .map(({ type, id, payload }) => `${type} ${id} ${payload}`);
  check(peer, recorders, said);
  const outcome = {
    events: recorders.map(({ events }) => [...events]),
    data: recorders.map(({ data }) => data),
    verdicts,
    closed: peer.connection.closed,
  };
  peer.connection.receiveEnd();
  said.push(...peer.output());
  if (peer.connection.openStreams !== 0 || peer.environment.timers !== 0)
    throw new Error("something is left after the end");
  if (peer.environment.held !== 0) throw new Error(`${peer.environment.held} blocks are held after the end`);
  if (peer.log.filter((line) => line === "closed").length !== 1) throw new Error("onClose was not called once");
  for (const { stream } of recorders) if (!stream.closed) throw new Error("a stream survived its connection");
  return outcome;
}

function check(peer: ClientPeer | ServerPeer, recorders: readonly Recorder[], said: readonly Frame[]): void {
  const { connection } = peer;
  const goaways = said.filter(({ type }) => type === "GOAWAY").length;
  if (goaways > 1) throw new Error("GOAWAY twice");
  if (peer.error?.origin === "local" && goaways === 0) throw new Error("a fault without a GOAWAY");
  if (peer.error?.message.startsWith("INTERNAL_ERROR")) throw peer.error.cause;
  if (connection.unreadBytes !== 0) throw new Error("unread bytes although everything was read");
  for (const { events } of recorders) {
    const ends = events.findIndex((event) => event.startsWith("reset"));
    if (ends >= 0 && ends !== events.length - 1) throw new Error(`events after a reset: ${events.join("; ")}`);
  }
}
