import { RpcError, status } from "gen-stubs-runtime/web-socket";
import type { LiveClient } from "../gen/live_grpc.js";
import type { Reading } from "../gen/live_pb.js";
import { drawCurve } from "./curve.js";
import { element } from "./element.js";

/** Reads the stream at the pace of the slider, from the last reading on where the connection was lost. */
export function startReadings(client: LiveClient): void {
  const toggle = element("toggle", HTMLButtonElement);
  const slow = element("slow", HTMLInputElement);
  const watcher = crypto.randomUUID();
  let last = 0;
  let stop: AbortController | undefined;

  const read = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        for await (const reading of client.watch({ watcher, after: last }, { signal, waitForReady: true })) {
          last = reading.sequence;
          show(reading);
          // Nothing is read meanwhile, so that the server soon has nothing left that it may send.
          if (slow.valueAsNumber > 0) await pause(slow.valueAsNumber);
        }
      } catch (error) {
        if (!(error instanceof RpcError) || error.code !== status.UNAVAILABLE) {
          explain(error instanceof RpcError ? `ended with ${status[error.code]}` : String(error));
          return;
        }
      }
    }
  };

  const start = (): void => {
    stop = new AbortController();
    toggle.textContent = "Stop";
    void read(stop.signal);
  };

  toggle.addEventListener("click", () => {
    if (stop === undefined) {
      start();
      return;
    }
    stop.abort();
    stop = undefined;
    toggle.textContent = "Start";
  });
  slow.addEventListener("input", () => {
    const ms = slow.valueAsNumber;
    element("pace", HTMLOutputElement).value = ms === 0 ? "as they come" : `one in ${ms} ms`;
  });
  start();
  void followServer(client, watcher, () => (stop === undefined ? undefined : last));
}

function show(reading: Reading): void {
  element("celsius", HTMLOutputElement).value = reading.celsius.toFixed(1);
  setBar("read", reading.sequence);
  drawCurve(element("curve", HTMLCanvasElement), reading.samples);
}

/** Asks the server, by another call of the same connection, how far it has come. */
async function followServer(client: LiveClient, watcher: string, readUpTo: () => number | undefined): Promise<void> {
  let before = 0;
  for (;;) {
    await pause(250);
    const last = readUpTo();
    if (last === undefined) continue;
    const answer = await client.progress({ watcher }, { waitForReady: true }).catch(() => undefined);
    if (answer === undefined || answer.sent === 0) continue;
    setBar("sent", answer.sent);
    const waiting = Math.max(0, answer.sent - (readUpTo() ?? answer.sent));
    const stands = answer.sent === before;
    before = answer.sent;
    if (waiting < 20) explain("The server sends 50 readings a second.");
    else if (!stands) explain(`${waiting} readings are on their way to the page, or wait in it.`);
    else explain(`${waiting} readings are on their way or wait in the page: the server has stopped until it reads on.`);
  }
}

function setBar(name: "sent" | "read", value: number): void {
  element(name, HTMLOutputElement).value = String(value);
  const bars = (["sent", "read"] as const).map((one) => element(`${one}-bar`, HTMLMeterElement));
  element(`${name}-bar`, HTMLMeterElement).value = value;
  for (const bar of bars) if (value > bar.max) bar.max = value * 2;
}

function explain(text: string): void {
  element("explain", HTMLParagraphElement).textContent = text;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
