import { RpcError } from "gen-stubs-runtime/web-socket";
import type { LiveClient } from "../gen/live_grpc.js";
import { element } from "./element.js";

const NAMES = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Ken"];

/** Joins the room, again where the connection was lost, and says what is typed. */
export function startChat(client: LiveClient): void {
  const from = NAMES[Math.floor(Math.random() * NAMES.length)] ?? "Ada";
  const text = element("text", HTMLInputElement);
  let call: ReturnType<LiveClient["chat"]> | undefined;

  const listen = async (): Promise<void> => {
    for (;;) {
      call = client.chat({ waitForReady: true });
      try {
        await call.header;
        tell("info", `you are in the room as ${from}`);
        for await (const note of call) tell("theirs", note.text, note.from);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        tell("info", "the connection was lost");
      }
    }
  };

  element("say", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    const note = { from, text: text.value };
    text.value = "";
    try {
      await call?.send(note);
      tell("mine", note.text, "you");
    } catch {
      tell("info", `not sent: ${note.text}`);
    }
  });
  void listen();
}

function tell(kind: "mine" | "theirs" | "info", text: string, from?: string): void {
  const item = document.createElement("li");
  item.className = kind;
  if (from !== undefined) {
    const name = document.createElement("b");
    name.textContent = from;
    item.append(name);
  }
  item.append(text);
  const notes = element("notes", HTMLOListElement);
  notes.append(item);
  item.scrollIntoView({ block: "end" });
}
