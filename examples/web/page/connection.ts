import type { Channel } from "gen-stubs-runtime/web-socket";
import { element } from "./element.js";

const WORDS: Readonly<Record<Channel["state"], string>> = {
  idle: "not connected",
  connecting: "connecting",
  ready: "connected",
  transient_failure: "connection lost, trying again",
  shutdown: "closed",
};

/** Shows how the channel is, as long as there is a page. */
export async function showConnection(channel: Channel): Promise<void> {
  const output = element("connection", HTMLOutputElement);
  for await (const state of channel.watchState()) {
    output.value = WORDS[state];
    output.dataset["state"] = state;
  }
}
