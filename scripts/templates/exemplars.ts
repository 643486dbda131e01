/** The placeholder that stands for an rpc of each kind. */
export const exemplars: ReadonlyMap<string, string> = new Map([
  ["$unary", "unary"],
  ["$serverStreaming", "server_streaming"],
  ["$clientStreaming", "client_streaming"],
  ["$bidiStreaming", "bidi_streaming"],
]);
