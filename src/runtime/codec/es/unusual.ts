/**
 * Thrown by the direct codec where a value or the wire is unusual: wrong types, malformed bytes, fields whose wire type
 * does not match. The message is then done again by protobuf-es, which gives the result or the error. So this codec need
 * only be right about what it accepts, and its errors are protobuf-es' own.
 */
export const unusual: Error = new Error("left to protobuf-es");
