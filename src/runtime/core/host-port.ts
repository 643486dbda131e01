/**
 * `10.0.0.1:80` or `[::1]:80`: brackets keep the colons of an IPv6 address apart from the port's (RFC 3986, section 3.2.2). Without a port,
 * the address alone, without brackets.
 */
export function hostPort(host: string, port: number | undefined): string {
  if (port === undefined) return host;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
