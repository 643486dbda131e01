import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ProxyKind, ProxyOptions } from "./proxy.js";

/** Its defaults, but for the size of a request's body, which no stream could live with. */
function configuration({ upstream, port, folder, idleSeconds }: ProxyOptions): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${folder}/tmp;`,
  );
  const idle =
    idleSeconds === undefined
      ? ""
      : `grpc_read_timeout ${idleSeconds}s; grpc_send_timeout ${idleSeconds}s; keepalive_timeout ${idleSeconds}s;`;
  return `
daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off; ${temporary.join(" ")}
  server {
    listen 127.0.0.1:${port} http2;
    client_max_body_size 0; ${idle}
    location / { grpc_pass grpc://127.0.0.1:${upstream}; }
  }
}
`;
}

export const nginx: ProxyKind = {
  name: "nginx",
  command: "nginx",
  async prepare(options) {
    const file = join(options.folder, "nginx.conf");
    await writeFile(file, configuration(options));
    return ["-c", file, "-p", options.folder, "-e", join(options.folder, "error.log")];
  },
  reload: "SIGHUP",
};
