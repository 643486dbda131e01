/** Serves the page, and the calls that it makes over a WebSocket, on one port. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Server } from "gen-stubs-runtime";
import { attachWebSocket } from "gen-stubs-runtime/web-socket-server";
import { type LiveHandlers, LiveService } from "./gen/live_grpc.js";

const SAMPLES = 512;
const READINGS_PER_SECOND = 50;

const room = new Set<Parameters<LiveHandlers["chat"]>[0]>();
const progress = new Map<string, number>();

const server = new Server().add(LiveService, {
  async chat(call) {
    room.add(call);
    call.sendHeader();
    try {
      for await (const note of call) {
        const others = [...room].filter((member) => member !== call);
        await Promise.allSettled(others.map((member) => member.send(note)));
      }
    } finally {
      room.delete(call);
    }
  },

  async watch({ watcher, after }, call) {
    try {
      for (let sequence = after + 1; !call.signal.aborted; sequence++) {
        // Waits where the page has not read what is on its way: the loop has the page's speed.
        await call.send(readingOf(sequence));
        progress.set(watcher, sequence);
        await pause(1000 / READINGS_PER_SECOND, undefined, { signal: call.signal });
      }
    } finally {
      progress.delete(watcher);
    }
  },

  progress: ({ watcher }) => ({ sent: progress.get(watcher) ?? 0 }),
});

function readingOf(sequence: number) {
  const samples = Array.from({ length: SAMPLES }, (_, i) => {
    const t = sequence + i / SAMPLES;
    return Math.sin(t / 2) * Math.cos(t * 7) * 0.7 + Math.sin(t * 31) * 0.2;
  });
  return { sequence, celsius: 21 + 4 * Math.sin(sequence / 40), samples };
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
};
const page = fileURLToPath(new URL("page/", import.meta.url));
/** What Vite has built, by its path: nothing else is served. */
const files = new Map(
  readdirSync(page, { recursive: true, encoding: "utf8" })
    .filter((file) => types[extname(file)] !== undefined)
    .map((file) => [`/${file}`, readFileSync(page + file)]),
);

const web = createServer((request, response) => {
  const path = request.url === "/" ? "/index.html" : (request.url ?? "");
  const file = files.get(path);
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.setHeader("content-type", types[extname(path)] ?? "");
  response.setHeader("etag", `"${createHash("sha256").update(file).digest("base64url")}"`);
  response.end(file);
});
attachWebSocket(web, server);

const [host = "127.0.0.1", port = process.env["PORT"] ?? "8080"] = (process.argv[2] ?? "").split(":").filter(Boolean);
web.listen(Number(port), host, () => {
  // It listens on a port, not on a path: its address is an object.
  console.log(`listening on http://${host}:${(web.address() as AddressInfo).port}/`);
});

process.once("SIGTERM", async () => {
  web.close();
  await server.shutdown({ graceMs: 1000 });
  web.closeAllConnections();
});
