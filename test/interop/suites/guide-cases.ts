import type { CallEnd } from "../harness/server-process.js";

/** How the server must see a case end. */
export interface Expected {
  readonly outcomes: readonly string[];
  readonly sent?: number;
  readonly received?: number;
  /** The deadline the client set, where the case is about it. */
  readonly timeoutMs?: number;
}

const deadline: Expected = { outcomes: ["deadline", "cancelled"], timeoutMs: 300 };

const reportAndStream: Record<string, Expected> = {
  "report.stream": { outcomes: ["ok"], sent: 10 },
  "report.large": { outcomes: ["ok"], sent: 200 },
  "report.metadata": { outcomes: ["ok"], sent: 1 },
  "report.status": { outcomes: ["status:5"] },
  "report.status_after": { outcomes: ["status:15"], sent: 30 },
  "report.cancel": { outcomes: ["cancelled"] },
  "report.deadline": deadline,
  "stream.five_concurrent": { outcomes: ["ok"], sent: 5 },
  "stream.status": { outcomes: ["status:3"] },
};

const data: Record<string, Expected> = {
  "data.get": { outcomes: ["ok"] },
  "data.get_missing": { outcomes: ["status:5"] },
  "data.get_deadline": deadline,
  "data.subscribe": { outcomes: ["ok"], sent: 103 },
  "data.subscribe_cancel": { outcomes: ["cancelled"] },
  "data.upload": { outcomes: ["ok"], received: 78 },
  "data.upload_empty": { outcomes: ["ok"], received: 0 },
  "data.upload_cancel": { outcomes: ["cancelled"], received: 2 },
  "data.upload_refused": { outcomes: ["status:7"], received: 1 },
  "data.upload_early": { outcomes: ["ok"], received: 1 },
  "data.chat": { outcomes: ["ok"], sent: 50, received: 50 },
  "data.chat_status": { outcomes: ["status:10"], sent: 1, received: 2 },
  "data.chat_cancel": { outcomes: ["cancelled"], sent: 1, received: 1 },
  "data.chat_server_ends": { outcomes: ["ok"], received: 1 },
};

const chat: Record<string, Expected> = {
  "chat.talk": { outcomes: ["ok"], sent: 50, received: 50 },
  "chat.many": { outcomes: ["ok"], sent: 1000, received: 1000 },
  "chat.metadata": { outcomes: ["ok"], sent: 1 },
  "chat.status": { outcomes: ["status:10"], received: 2 },
  "chat.cancel": { outcomes: ["cancelled"], received: 1 },
  "chat.deadline": deadline,
  "chat.server_ends": { outcomes: ["ok"], received: 1 },
};

const more: Record<string, Expected> = {
  ...data,
  "data.metadata": { outcomes: ["ok"] },
  "data.large": { outcomes: ["ok"] },
  "data.upload_large": { outcomes: ["ok"], received: 2 },
};

/** The cases of each peer. */
export const guideCases = {
  go: { ...reportAndStream, ...data },
  python: { ...data, "data.get_details": { outcomes: ["status:5"] } },
  "grpc-js": chat,
  tonic: more,
  "grpc-java": more,
} as const;

/** What goes through proxies. */
export const proxyCases: Record<string, Expected> = { ...reportAndStream, ...more, ...chat };

/** What goes over fetch: all but bidirectional streams. */
export const webCases: Record<string, Expected> = Object.fromEntries(
  Object.entries({ ...reportAndStream, ...data }).filter(([name]) => !name.startsWith("data.chat")),
);

/** What connect-go's peer knows. */
export const connectGoCases: Record<string, Expected> = {
  ...Object.fromEntries(
    ["get", "get_missing", "get_deadline", "subscribe", "subscribe_cancel", "upload", "upload_empty", "upload_refused"]
      .map((name) => `data.${name}`)
      .map((name) => [name, data[name]!]),
  ),
};

/** The same with what HTTP/1.1 cannot carry. */
export const connectGoBothWays: Record<string, Expected> = {
  ...connectGoCases,
  ...Object.fromEntries(["chat", "chat_status", "chat_cancel"].map((name) => [`data.${name}`, data[`data.${name}`]!])),
};

/** For a server that compresses; the last shuts it down. */
export const lastCases: Record<string, Expected> = {
  "data.compressed": { outcomes: ["ok"] },
  "data.shutdown": { outcomes: ["ok"], sent: 2, received: 2 },
};

/** What is wrong with the server's view of a case; undefined where it is as it must be. */
export function judgeEnd(expected: Expected, end: CallEnd | undefined): string | undefined {
  if (end === undefined) return "the server never saw the call end";
  const { outcomes, sent, received, timeoutMs } = expected;
  if (!outcomes.includes(end.outcome)) return `the server saw ${end.outcome}, not ${outcomes.join(" or ")}`;
  if (sent !== undefined && sent !== end.sent) return `the server sent ${end.sent} messages, not ${sent}`;
  if (received !== undefined && received !== end.received) {
    return `the server received ${end.received} messages, not ${received}`;
  }
  // grpcio rounds up to whole milliseconds.
  if (timeoutMs !== undefined && (end.timeLeftMs <= 0 || end.timeLeftMs > timeoutMs + 1)) {
    return `the server saw a deadline ${end.timeLeftMs} ms away, not ${timeoutMs}`;
  }
  return undefined;
}
