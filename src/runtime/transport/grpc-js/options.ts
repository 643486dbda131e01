/** What grpc-js's clients and servers take beside their `grpc.` and `grpc-node.` options. */
const OTHERS = new Set([
  "channelOverride",
  "channelFactoryOverride",
  "interceptors",
  "interceptor_providers",
  "callInvocationTransformer",
]);

/**
 * grpc-js passes over what it does not know; an option of ours given to it would do nothing (P17).
 * @throws TypeError that names it, and `what` it was given to
 */
export function refuseForeign(options: object, what: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || OTHERS.has(name) || /^grpc(?:-node)?\./.test(name)) continue;
    const example = name === "serviceConfig" ? "grpc.service_config" : "grpc.max_receive_message_length";
    throw new TypeError(`${what} knows no option "${name}"; it takes grpc-js's own, as "${example}"`);
  }
}
