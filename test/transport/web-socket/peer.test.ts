import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { peerOf } from "../../../src/runtime/transport/web-socket/server/upgrades.js";

/** RFC 3986, section 3.2.2: brackets keep the colons of an IPv6 address apart from the port's. */
test.each([
  ["10.0.0.1", 80, "10.0.0.1:80"],
  ["::1", 80, "[::1]:80"],
  ["10.0.0.1", undefined, "10.0.0.1"],
  ["::1", undefined, "::1"],
  [undefined, undefined, "unknown"],
])("the client at %s and port %s is %s", (remoteAddress, remotePort, peer) => {
  const socket: Partial<Socket> = { ...(remoteAddress && { remoteAddress }), ...(remotePort && { remotePort }) };
  // What is read of a request.
  expect(peerOf({ socket } as IncomingMessage)).toBe(peer);
});
