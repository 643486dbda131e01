/** Reads one report to its end, and a second one until it has seen enough. */
import { connect, status } from "gen-stubs-runtime";
import { ReportServiceClient } from "./gen/report_grpc.js";

await using channel = connect(`http://${process.argv[2] ?? "127.0.0.1:50051"}`);
const client = new ReportServiceClient(channel);

let size = 0;
let count = 0;
for await (const { data } of client.generateReport({ reportId: "sales" }, { timeoutMs: 30_000 })) {
  size += data.length;
  count++;
}
console.log(`sales: ${count} chunks, ${size} bytes`);

const report = client.generateReport({ reportId: "stock" });
for await (const { chunkNumber } of report) {
  console.log(`stock: chunk ${chunkNumber}`);
  // Leaving the loop cancels the call, and the server stops its work.
  if (chunkNumber === 5) break;
}
console.log(`stock: ${status[(await report.status).code]}`);
