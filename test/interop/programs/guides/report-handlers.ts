import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { Metadata, RpcError, type ServerWriter, status } from "gen-stubs-runtime";
import { ErrorInfoSchema } from "gen-stubs-runtime/errors";
import type { ReportServiceHandlers } from "../../gen/report_grpc.js";
import { fill } from "../content.js";
import { Track } from "../track.js";

/** Understands chunks:COUNT:SIZE, fail:COUNT (that many chunks, then DATA_LOSS), missing, endless and slow. */
export const reportHandlers: ReportServiceHandlers = {
  generateReport({ reportId }, call) {
    const track = new Track(call, "GenerateReport");
    return track.run(async () => {
      const header = new Metadata();
      header.set("x-report-id", reportId);
      for (const value of call.metadata.get("x-client")) header.add("x-echo", value);
      for (const value of call.metadata.get("x-client-bin")) header.add("x-echo-bin", value);
      call.sendHeader(header);
      if (reportId === "missing") throw missing(reportId);
      if (reportId === "slow") return untilOver(call.signal);
      const [kind = "", count = "", size = "16"] = reportId.split(":");
      if (kind === "endless") return send(call, track, Number.POSITIVE_INFINITY, 16);
      if (kind !== "chunks" && kind !== "fail") {
        throw new RpcError(status.INVALID_ARGUMENT, `cannot read report id ${reportId}`);
      }
      await send(call, track, Number(count), Number(size));
      if (kind === "fail") throw new RpcError(status.DATA_LOSS, "größe verloren ☕ 100%");
    });
  },
};

async function send(
  call: ServerWriter<{ data: Uint8Array; chunkNumber: number }>,
  track: Track,
  count: number,
  size: number,
) {
  const sum = createHash("sha256");
  for (let i = 0; i < count && !call.signal.aborted; i++) {
    const data = fill(size, i * size);
    sum.update(data);
    await call.send({ data, chunkNumber: i + 1 });
    track.sent++;
    if (count === Number.POSITIVE_INFINITY) await delay(1);
  }
  call.trailer.set("x-report-sha256", sum.digest("hex"));
}

function missing(id: string): RpcError {
  const info = { reason: "NO_REPORT", domain: "interop.test", metadata: { id } };
  return new RpcError(status.NOT_FOUND, "no report missing", { details: [[ErrorInfoSchema, info]] });
}

/** Resolves when the call is over. */
export function untilOver(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
