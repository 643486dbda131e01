import { styleText } from "node:util";

type Format = Parameters<typeof styleText>[0];

/** Colours text for a stream: plain where it is no terminal or NO_COLOR is set. */
export type Style = (format: Format, text: string) => string;

/** Decides once per stream: NO_COLOR (no-color.org) wins, then FORCE_COLOR, then whether the stream is a terminal. */
export function styleFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Style {
  const force = env["FORCE_COLOR"];
  const on =
    (env["NO_COLOR"] ?? "") === "" &&
    (force === undefined ? stream.isTTY === true && env["TERM"] !== "dumb" : force !== "0" && force !== "false");
  return on ? (format, text) => styleText(format, text, { validateStream: false }) : (_format, text) => text;
}
