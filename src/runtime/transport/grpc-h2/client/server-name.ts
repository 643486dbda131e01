import type { ConnectionOptions } from "node:tls";

/** The TLS options with the name that the certificate is checked against, where they have none of their own. */
export function withServerName(
  tls: ConnectionOptions | (() => ConnectionOptions) | undefined,
  serverName: string | undefined,
): ConnectionOptions | (() => ConnectionOptions) | undefined {
  if (serverName === undefined) return tls;
  return () => ({ servername: serverName, ...(typeof tls === "function" ? tls() : tls) });
}
