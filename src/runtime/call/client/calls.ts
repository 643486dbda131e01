/** The four kinds of call, as generated clients make them. */
export { callBidiStreaming } from "./duplex.js";
export { callServerStreaming } from "./reader.js";
export { callUnary } from "./unary.js";
export { callClientStreaming } from "./writer.js";
