import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ServiceImpl } from "@connectrpc/connect";
import { compressionGzip, connectNodeAdapter } from "@connectrpc/connect-node";
import { onTestFinished } from "vitest";
import { TrialDescriptor } from "./trial-descriptor.js";

/** Serves the trial's methods by connect-node on HTTP/1.1, over Connect, gRPC-Web and gRPC; returns the URL. */
export async function connectNodeServer(handlers: Partial<ServiceImpl<TrialDescriptor>>): Promise<string> {
  const adapter = connectNodeAdapter({
    routes: (router) => void router.service(TrialDescriptor, handlers),
    acceptCompression: [compressionGzip],
    compressMinBytes: 0,
  });
  const server = createServer(adapter);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return `http://127.0.0.1:${port}`;
}
