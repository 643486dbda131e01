import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProxyKind, ProxyOptions } from "./proxy.js";

function configuration({ upstream, port, idleSeconds = 60 }: ProxyOptions): string {
  return `
global
  hard-stop-after 30s
defaults
  mode http
  timeout connect 5s
  timeout client ${idleSeconds}s
  timeout server ${idleSeconds}s
frontend grpc
  bind 127.0.0.1:${port} proto h2
  default_backend servers
backend servers
  server one 127.0.0.1:${upstream} proto h2
`;
}

export const haproxy: ProxyKind = {
  name: "HAProxy",
  command: "haproxy",
  async prepare(options) {
    const file = join(options.folder, "haproxy.cfg");
    await writeFile(file, configuration(options));
    // A master with a worker, which it replaces.
    return ["-W", "-f", file];
  },
  reload: "SIGUSR2",
};
