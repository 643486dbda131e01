import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProxyKind, ProxyOptions } from "./proxy.js";

function configuration({ upstream, port, folder, idleSeconds }: ProxyOptions): string {
  const idle =
    idleSeconds === undefined
      ? []
      : ["stream-read-timeout", "backend-read-timeout", "frontend-http2-read-timeout"].map(
          (name) => `${name}=${idleSeconds}`,
        );
  return [
    `frontend=127.0.0.1,${port};no-tls`,
    `backend=127.0.0.1,${upstream};;proto=h2`,
    "workers=1",
    `errorlog-file=${folder}/error.log`,
    ...idle,
    "",
  ].join("\n");
}

export const nghttpx: ProxyKind = {
  name: "nghttpx",
  command: "nghttpx",
  async prepare(options) {
    const file = join(options.folder, "nghttpx.conf");
    await writeFile(file, configuration(options));
    return [`--conf=${file}`];
  },
  reload: "SIGHUP",
};
