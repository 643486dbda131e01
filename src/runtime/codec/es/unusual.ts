/**
 * Thrown by our codec where a value or the received bytes are unusual: wrong types, malformed bytes, fields whose wire type does not
 * match. protobuf-es then does the message again, and gives the result or throws its own error. So our codec has to be right only for
 * what it accepts.
 */
export const unusual: Error = new Error("left to protobuf-es");
