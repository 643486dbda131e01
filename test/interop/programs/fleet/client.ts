// A client of a fleet under load: client.js KIND TARGET [PLAN]
//
// KIND: http2 (our transport, one target), fleet (our transport, all of a name's servers), grpc-js (our stubs over a channel of grpc-js), xds (the same, with xDS). PLAN is JSON, as in
// fleet/plan.ts. Prints a line of JSON for each 20 ms in which something happened, until a line comes on stdin; then how all ended.
import { setTimeout as delay } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import { type Channel, connect, RpcError, type ServiceConfig, status } from "gen-stubs-runtime";
import { grpcJsChannel } from "gen-stubs-runtime/grpc-js";
import { DataServiceClient } from "../../gen/data_grpc.js";
import { Windows } from "./windows.js";

interface Plan {
  readonly workers: number;
  readonly pauseMs: number;
  readonly streams: number;
  readonly timeoutMs: number;
  readonly keepaliveTimeMs: number;
  readonly keepaliveTimeoutMs: number;
  readonly dnsRefreshMs: number;
  readonly serviceConfig?: ServiceConfig;
}

const [kind = "http2", target = "", plan = "{}"] = process.argv.slice(2);
// The run passes all of them.
const { workers, pauseMs, streams, timeoutMs, serviceConfig, ...times } = JSON.parse(plan) as Plan;
const { keepaliveTimeMs, keepaliveTimeoutMs, dnsRefreshMs } = times;

async function open(): Promise<Channel> {
  if (kind === "http2") return connect(target, { keepaliveTimeMs, keepaliveTimeoutMs });
  if (kind === "fleet") {
    return connect(target, {
      loadBalancing: "round_robin",
      healthCheck: { serviceName: "" },
      outlierDetection: {
        intervalMs: 1_000,
        baseEjectionTimeMs: 3_000,
        maxEjectionPercent: 50,
        failurePercentage: { threshold: 50, minimumHosts: 3, requestVolume: 20 },
      },
      dns: { refreshMs: dnsRefreshMs, minRefreshMs: dnsRefreshMs },
      ...(serviceConfig === undefined ? {} : { serviceConfig }),
      keepaliveTimeMs,
      keepaliveTimeoutMs,
      initialBackoffMs: 100,
      maxBackoffMs: 1_000,
    });
  }
  if (kind === "xds") return (await import("./xds.js")).openXds(target);
  return grpcJsChannel(target, credentials.createInsecure(), {
    ...(serviceConfig === undefined ? {} : { "grpc.service_config": JSON.stringify(serviceConfig) }),
    "grpc.dns_min_time_between_resolutions_ms": dnsRefreshMs,
    "grpc.keepalive_time_ms": keepaliveTimeMs,
    "grpc.keepalive_timeout_ms": keepaliveTimeoutMs,
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
  });
}

const channel = await open();
const client = new DataServiceClient(channel);
const windows = new Windows();
let over = false;

function nameOf(error: unknown): string {
  return error instanceof RpcError ? (status[error.code] ?? "?") : String(error);
}

async function worker(): Promise<void> {
  while (!over) {
    const began = performance.now();
    try {
      const { name } = await client.getData({ id: "x" }, { timeoutMs, waitForReady: false });
      windows.answered(name, performance.now() - began);
    } catch (error) {
      windows.failed(nameOf(error), error instanceof RpcError ? error.details : "");
    }
    await delay(pauseMs);
  }
}

/** A conversation that is begun anew whenever it ends. */
async function stream(): Promise<void> {
  while (!over) {
    const chat = client.chat();
    try {
      for (let i = 0; !over; i++) {
        await chat.send({ message: String(i) });
        const echo = await chat.recv();
        if (echo === undefined) break;
        if (i === 0) windows.opened(echo.user);
        if (echo.message !== String(i)) windows.failed("WRONG_ECHO", `${echo.message} for ${i}`);
        windows.echoed(echo.user);
        await delay(20);
      }
      if (over) {
        await chat.closeSend();
        await chat.recv();
      }
    } catch (error) {
      windows.ended(nameOf(error));
      await delay(50);
      continue;
    }
    windows.ended(status[(await chat.status).code] ?? "?");
  }
}

const running = [...Array.from({ length: workers }, worker), ...Array.from({ length: streams }, stream)];
process.stdin.once("data", () => {
  over = true;
});
await Promise.all(running);
windows.stop();
await channel.close();
process.stdin.destroy();
