import { scanProto } from "./proto-scan.js";

// protoc's words, and buf's.
const patterns = [
  /^"([\w.]+)" is not a message type\.$/,
  /^expected message type, found service method `(?:[\w.]*\.)?(\w+)`$/,
];

/**
 * What to write where an rpc takes or returns a message of its own name. Names are looked up from the inside out (language
 * specification, "Type name resolution"), and in a service the rpc is found first.
 *
 * @param message what the compiler says
 * @param text the `.proto` file it says it of
 */
export function hiddenMessageHint(message: string, text: string): string | undefined {
  const name = patterns.map((pattern) => pattern.exec(message)?.[1]).find((found) => found !== undefined);
  if (name === undefined || !new RegExp(`\\brpc\\s+${name}\\s*\\(`).test(text)) return undefined;
  const here = new RegExp(`\\bmessage\\s+${name}\\s*\\{`).test(text);
  const { package: packageName } = scanProto(text);
  const full = `.${here && packageName !== "" ? `${packageName}.` : here ? "" : "its.package."}${name}`;
  return `in the service, ${name} is the rpc of that name: write the message with its package and a dot in front, ${full}`;
}
