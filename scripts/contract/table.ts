import type { DeclaredTest } from "./declared-tests.js";

/** What each promise says, in one line. */
const promises: readonly (readonly [string, string])[] = [
  ["P1", "A call starts when it is made."],
  ["P2", "`send()` resolves when the message is accepted within flow control; order is kept."],
  ["P3", "Messages that arrived before a status are delivered before it, at any speed, errors too."],
  ["P4", "Leaving a `for await`, `cancel()`, an AbortSignal and `await using` cancel; the server's `signal` aborts."],
  ["P5", "A deadline travels, and ends both sides with DEADLINE_EXCEEDED."],
  ["P6", "A reader ends quietly only after a true end of the stream."],
  ["P7", "A handler that throws ends its call with one status; the process lives."],
  ["P8", "After the end, `send()` gives `false` (OK) or the call's RpcError."],
  ["P9", "A reader that does not read stops its sender; memory stays bounded."],
  ["P10", "Nothing escapes: no unhandled rejection, no uncaught 'error', no listener warning."],
  ["P11", "Every failure is an RpcError with a code from 1 to 16, mapped as the gRPC specification says."],
  ["P12", "Messages over the limits are refused with RESOURCE_EXHAUSTED before they are held."],
  ["P13", "`shutdown` and `close` let calls finish, cancel the rest, and leave nothing behind."],
  ["P14", "A silent peer is noticed: keepalive, and `idleTimeoutMs` for a stream."],
  ["P15", "A server may answer while the client still sends; the client gets the answer."],
  ["P16", "One call's fault is that call's alone: its connection and its neighbours go on."],
  ["P17", "An option arrives or throws: no transport ignores what it was told."],
  ["P18", "Callbacks run in their caller's asynchronous context, handlers in a clean one."],
  ["P19", "Time is monotonic: a stepped wall clock and fake timers stop no call."],
  [
    "P20",
    "What a user's callback, iterable or handler throws or returns becomes one status; nothing is lost in silence.",
  ],
];

/** The table of promises and transports: how many tests hold each, and footnotes where one cannot. */
export function contractTable(tests: readonly DeclaredTest[]): string {
  const transports = [...new Set(tests.map(({ transport }) => transport))];
  const unknown = tests.find(({ promise }) => !promises.some(([name]) => name === promise));
  if (unknown !== undefined) throw new Error(`${unknown.promise} ("${unknown.title}") is not in the table of promises`);
  const notes: string[] = [];
  const rows = promises.map(([promise, text]) => {
    const cells = transports.map((transport) => {
      const own = tests.filter((test) => test.promise === promise && test.transport === transport);
      if (own.length === 0) return "–";
      const failing = own.filter(({ cannot }) => cannot !== undefined);
      if (failing.length === 0) return `kept (${own.length})`;
      const marks = [...new Set(failing.map(({ cannot }) => cannot ?? ""))].map((reason) => {
        if (!notes.includes(reason)) notes.push(reason);
        return `[${notes.indexOf(reason) + 1}]`;
      });
      return `${own.length - failing.length} of ${own.length} ${marks.join("")}`;
    });
    return `| ${[promise, text, ...cells].join(" | ")} |`;
  });
  const lines = [
    `| | promise | ${transports.join(" | ")} |`,
    `|---|---|${transports.map(() => "---|").join("")}`,
    ...rows,
  ];
  if (notes.length > 0) lines.push("", ...notes.map((note, index) => `${index + 1}. ${note}`));
  return lines.join("\n");
}
