import "./style.css";
import { webSocketChannel } from "gen-stubs-runtime/web-socket";
import { LiveClient } from "../gen/live_grpc.js";
import { startChat } from "./chat.js";
import { showConnection } from "./connection.js";
import { startReadings } from "./readings.js";

// One connection for all calls of the page; it comes back by itself when it was lost.
// A small window shows sooner that the server waits for a page that reads slowly.
const channel = webSocketChannel("/grpc", { streamWindowBytes: 64 * 1024 });
const client = new LiveClient(channel);

void showConnection(channel);
startReadings(client);
startChat(client);
