/**
 * Traces and metrics of calls, by OpenTelemetry's stable conventions for RPC. Needs `@opentelemetry/api`. The SDK that the program
 * registers decides where they are sent.
 *
 * @example
 * ```ts
 * const telemetry = openTelemetry();
 * const channel = connect(target, { interceptors: [telemetry.client] });
 * const server = new Server({ interceptors: [telemetry.server] });
 * ```
 */
export { openTelemetry, type Telemetry, type TelemetryOptions } from "./opentelemetry/telemetry.js";
