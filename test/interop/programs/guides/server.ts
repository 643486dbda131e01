// The guides' services on our runtime: server.js TRANSPORT [PORT] [gzip|web]
import { ChatService } from "../../gen/chat_grpc.js";
import { DataServiceService } from "../../gen/data_grpc.js";
import { ReportServiceService } from "../../gen/report_grpc.js";
import { StreamServiceService } from "../../gen/stream_grpc.js";
import { emit } from "../emit.js";
import { serve, type Transport } from "../transports.js";
import { chatHandlers } from "./chat-handlers.js";
import { dataHandlers } from "./data-handlers.js";
import { reportHandlers } from "./report-handlers.js";
import { streamHandlers } from "./stream-handlers.js";

const { port, stop } = await serve(
  // The run passes one of the two.
  process.argv[2] as Transport,
  (add) => {
    add(ReportServiceService, reportHandlers);
    add(StreamServiceService, streamHandlers);
    add(DataServiceService, dataHandlers);
    add(ChatService, chatHandlers);
  },
  {
    port: Number(process.argv[3] ?? 0),
    gzip: process.argv[4] === "gzip",
    web: process.argv[4] === "web",
    graceMs: 10_000,
  },
);
emit({ port });
process.once("SIGTERM", () => void stop());
