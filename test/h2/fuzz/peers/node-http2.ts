import http2 from "node:http2";
import { duplexPair } from "../../../support/duplex-pair.js";
import { answersPing, connectionOf, type Peer, type Verdict, verdictOf } from "./peer.js";

/** Some faults leave a session of node:http2 silent for good. All is in memory: so many turns without a byte are silence. */
const SILENT_TURNS = 40;

/** The server of node:http2, on streams in memory: it takes everything and answers nothing. */
export class NodeHttp2Peer implements Peer {
  readonly name = "node:http2";
  readonly #server = http2.createServer({ settings: { enableConnectProtocol: false } });

  constructor() {
    this.#server.on("sessionError", () => {});
    this.#server.on("session", (session) => session.on("error", () => {}));
    this.#server.on("stream", (stream) => stream.on("error", () => {}).resume());
  }

  async ask(frames: readonly Uint8Array[]): Promise<Verdict> {
    const [ours, theirs] = duplexPair();
    const chunks: Buffer[] = [];
    let connection: Verdict["connection"] | undefined;
    const judge = (verdict: Verdict["connection"]): void => {
      connection ??= verdict;
    };
    let quiet = 0;
    for (const event of ["close", "end", "error"]) ours.on(event, () => judge("ended"));
    ours.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      quiet = 0;
      if (answersPing(Buffer.concat(chunks))) judge("lives");
    });
    this.#server.emit("connection", theirs);
    ours.write(connectionOf(frames));
    while (connection === undefined && quiet++ < SILENT_TURNS) await new Promise((next) => setImmediate(next));
    ours.destroy();
    theirs.destroy();
    return verdictOf(connection ?? "silent", Buffer.concat(chunks));
  }

  close(): void {
    this.#server.close();
  }
}
