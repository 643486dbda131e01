import type { Channel } from "gen-stubs-runtime/web-socket";
import { element } from "./element.js";

const WORDS: Readonly<Record<Channel["state"], string>> = {
  idle: "not connected",
  connecting: "connecting",
  ready: "connected",
  transient_failure: "connection lost, trying again",
  shutdown: "closed",
};

/** Shows how the channel is. */
export function showConnection(channel: Channel): void {
  const output = element("connection", HTMLOutputElement);
  const show = (): void => {
    output.value = WORDS[channel.state];
    output.dataset["state"] = channel.state;
  };
  show();
  setInterval(show, 200);
}
