/** The exit codes of `gen-stubs`; `--help` prints this table. */
export const exitCodes = {
  ok: { code: 0, meaning: "done; with --check: nothing differs" },
  failed: {
    code: 1,
    meaning: "something of yours needs a change: proto errors, files in the way, drift under --check",
  },
  usage: { code: 2, meaning: "wrong usage: an unknown option, a bad value, a path that does not exist" },
  tool: { code: 3, meaning: "a tool could not do its work: protoc, buf or the message generator is missing or broke" },
  internal: { code: 70, meaning: "a bug in gen-stubs" },
  interrupted: { code: 130, meaning: "interrupted (143 by SIGTERM); --out is as it was" },
} as const;
