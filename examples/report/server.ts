/** Streams a report in ten chunks, and stops as soon as nobody wants it any more. */
import { setTimeout } from "node:timers/promises";
import { Server } from "gen-stubs-runtime";
import { ReportServiceService } from "./gen/report_grpc.js";

const chunks = 10;

/** Stands for real work. Gives up when the signal aborts. */
async function makeChunk(reportId: string, chunkNumber: number, signal: AbortSignal): Promise<Uint8Array> {
  await setTimeout(20, undefined, { signal });
  return new TextEncoder().encode(`${reportId}: part ${chunkNumber} of ${chunks}\n`);
}

const server = new Server({ onError: (error) => console.error(error) });

server.add(ReportServiceService, {
  async *generateReport({ reportId }, call) {
    call.signal.addEventListener("abort", () => console.log(`${reportId}: stopped, ${call.signal.reason.details}`));
    for (let chunkNumber = 1; chunkNumber <= chunks; chunkNumber++) {
      yield { data: await makeChunk(reportId, chunkNumber, call.signal), chunkNumber };
    }
    console.log(`${reportId}: sent`);
  },
});

const { address } = await server.listen(process.argv[2] ?? "127.0.0.1:50051");
console.log(`listening on ${address}`);

process.once("SIGTERM", () => server.shutdown({ graceMs: 5_000 }));
