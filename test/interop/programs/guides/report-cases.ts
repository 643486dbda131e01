import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type ClientReader, status } from "gen-stubs-runtime";
import { ErrorInfoSchema } from "gen-stubs-runtime/errors";
import { ReportServiceClient } from "../../gen/report_grpc.js";
import type { ReportChunk } from "../../gen/report_pb.js";
import { StreamServiceClient } from "../../gen/stream_grpc.js";
import { fill, sha256 } from "../content.js";
import type { Case } from "./case.js";
import { expectCode, expectEqual } from "./expect.js";

/** Reads to the end and checks the order. */
async function drain(chunks: ClientReader<ReportChunk>, pauseMs = 0, counted = { count: 0 }) {
  const sum = createHash("sha256");
  for await (const { chunkNumber, data } of chunks) {
    counted.count++;
    expectEqual("chunk number", chunkNumber, counted.count);
    sum.update(data);
    if (pauseMs > 0) await delay(pauseMs);
  }
  return sum.digest("hex");
}

function report(count: number, size: number, pauseMs = 0): Case {
  return async (channel, options) => {
    const chunks = new ReportServiceClient(channel).generateReport({ reportId: `chunks:${count}:${size}` }, options);
    const counted = { count: 0 };
    const sum = await drain(chunks, pauseMs, counted);
    expectEqual("chunks", counted.count, count);
    expectEqual("sha256", sum, sha256(fill(count * size)));
    expectEqual("sha256 trailer", (await chunks.trailer).get("x-report-sha256"), [sum]);
    expectEqual("status", (await chunks.status).code, status.OK);
  };
}

export const reportCases: Record<string, Case> = {
  "report.stream": report(10, 1000),
  // Reads slower than the server writes: 12.5 MiB through the flow-control windows.
  "report.large": report(200, 65536, 1),

  async "report.metadata"(channel, options) {
    const bytes = Buffer.from([0, 1, 2, 250, 255, 10]);
    const metadata = { ...options.metadata, "x-client": ["one", "two"], "x-client-bin": bytes };
    const chunks = new ReportServiceClient(channel).generateReport(
      { reportId: "chunks:1:1" },
      { ...options, metadata },
    );
    const header = await chunks.header;
    await drain(chunks);
    expectEqual("x-report-id", header.get("x-report-id"), ["chunks:1:1"]);
    // Repeated keys may travel as one value, "one, two".
    expectEqual(
      "x-echo",
      header.get("x-echo").flatMap((value) => String(value).split(/, */)),
      ["one", "two"],
    );
    expectEqual("x-echo-bin", header.get("x-echo-bin"), [bytes]);
  },

  async "report.status"(channel, options) {
    const chunks = new ReportServiceClient(channel).generateReport({ reportId: "missing" }, options);
    const error = await expectCode(status.NOT_FOUND, chunks.recv());
    expectEqual("details", error.details, "no report missing");
    const [info] = error.findDetails(ErrorInfoSchema);
    expectEqual("reason", [info?.reason, info?.metadata], ["NO_REPORT", { id: "missing" }]);
  },

  // P3: every message before the error comes first.
  async "report.status_after"(channel, options) {
    const chunks = new ReportServiceClient(channel).generateReport({ reportId: "fail:30" }, options);
    const counted = { count: 0 };
    const error = await expectCode(status.DATA_LOSS, drain(chunks, 1, counted));
    expectEqual("details", error.details, "größe verloren ☕ 100%");
    expectEqual("chunks before the error", counted.count, 30);
    expectEqual("sha256 trailer", error.metadata.get("x-report-sha256"), [sha256(fill(30 * 16))]);
  },

  // P4: break cancels.
  async "report.cancel"(channel, options) {
    const chunks = new ReportServiceClient(channel).generateReport({ reportId: "endless" }, options);
    let count = 0;
    for await (const _ of chunks) if (++count === 5) break;
    expectEqual("status", (await chunks.status).code, status.CANCELLED);
  },

  async "report.deadline"(channel, options) {
    const chunks = new ReportServiceClient(channel).generateReport(
      { reportId: "slow" },
      { ...options, timeoutMs: 300 },
    );
    await expectCode(status.DEADLINE_EXCEEDED, chunks.recv());
  },

  async "stream.five_concurrent"(channel, options) {
    const client = new StreamServiceClient(channel);
    await Promise.all(
      [0, 1, 2, 3, 4].map(async (id) => {
        const results: string[] = [];
        for await (const { result } of client.fetchResponse({ id }, options)) results.push(result);
        expectEqual(
          "results",
          results,
          [1, 2, 3, 4, 5].map((i) => `Request ${id}, result ${i}`),
        );
      }),
    );
  },

  async "stream.status"(channel, options) {
    const error = await expectCode(
      status.INVALID_ARGUMENT,
      new StreamServiceClient(channel).fetchResponse({ id: -1 }, options).recv(),
    );
    expectEqual("details", error.details, "id must not be negative");
  },
};
