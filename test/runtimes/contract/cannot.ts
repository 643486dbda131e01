type Reasons = Readonly<Record<string, string>>;

const FETCH: Reasons = {
  "connects by connect() alone": "fetch connects when it is asked for something",
  "errors name the call, and the stack names its caller": "all files are one script here",
  "P16 500 pairs of metadata": "the runtime's own server takes fewer headers",
};

/** What is another promise in the Connect protocol. */
const CONNECT: Reasons = {
  "P16 an error text of 100 KB is cut": "Connect has errors in bodies, not in headers: nothing has to be cut",
};

const MORE_AHEAD = "Bun takes some more of a body than the test counts with, 9 MB";
const BUN: Reasons = {
  "P10 one signal may serve a thousand calls": "Bun's fetch has 256 requests open at a time",
  "P9 a client that does not read stops the server, and gets everything": MORE_AHEAD,
  "P9 an async iterable is drawn from only as fast": MORE_AHEAD,
};

const DENO: Reasons = {
  "P13 shutdown lets open calls finish and refuses new ones":
    "the signal that ends Deno.serve drops answers that are on their way to the client",
};

/** What fetch and the server of a runtime cannot keep, by the start of a test's title, and why. */
export const CANNOT: Readonly<Record<"Bun" | "Deno", Readonly<Record<"connect" | "grpc-web", Reasons>>>> = {
  Bun: { connect: { ...FETCH, ...CONNECT, ...BUN }, "grpc-web": { ...FETCH, ...BUN } },
  Deno: { connect: { ...FETCH, ...CONNECT, ...DENO }, "grpc-web": { ...FETCH, ...DENO } },
};
