const sensitiveNames: ReadonlySet<string> = new Set(["authorization", "cookie", "proxy-authorization", "set-cookie"]);

/** Whether a header of this name holds a secret that no table should: credentials and cookies. */
export function isSensitive(name: string): boolean {
  return sensitiveNames.has(name);
}

/** As {@link isSensitive}, and gRPC's binary metadata (`-bin`) too. */
export function isSensitiveOrBinary(name: string): boolean {
  return sensitiveNames.has(name) || name.endsWith("-bin");
}
