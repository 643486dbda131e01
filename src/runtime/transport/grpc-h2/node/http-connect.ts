import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import type { HttpProxy } from "./proxy.js";

/**
 * A tunnel through a proxy by HTTP's CONNECT (RFC 9110, section 9.3.6). Rejects with what the proxy said where it refuses.
 *
 * @param authority `host:port` of the server, which the proxy looks up
 */
export async function openTunnel(proxy: HttpProxy, authority: string, signal: AbortSignal): Promise<Duplex> {
  const { url, headers, tls } = proxy;
  const secure = url.protocol === "https:";
  // Loaded only where a proxy is used.
  const { request } = secure ? await import("node:https") : await import("node:http");
  return await new Promise<Duplex>((resolve, reject) => {
    const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
    const connect = request({
      // Node would take the name from the header `host`, which is the server's.
      servername: isIP(host) === 0 ? host : "",
      ...tls,
      method: "CONNECT",
      host,
      port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
      path: authority,
      headers: { host: authority, ...headers },
      agent: false,
      signal,
    });
    connect.once("connect", ({ statusCode = 0, statusMessage = "" }, socket, head) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.on("error", () => {}); // it is of no use any more
      socket.destroy();
      const advice =
        statusCode === 407 ? ": it asks for a user and password, as in http://user:password@host:port" : "";
      reject(
        new Error(`the proxy ${url.host} answers CONNECT ${authority} with ${statusCode} ${statusMessage}${advice}`),
      );
    });
    connect.once("error", (error) => reject(new Error(`the proxy ${url.host}: ${error.message}`, { cause: error })));
    connect.end();
  });
}
