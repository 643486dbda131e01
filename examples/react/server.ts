/** Serves the page, and its calls by the Connect protocol, on one port. `node dist/server.js [port]` */
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Server } from "gen-stubs-runtime";
import { nodeHandler } from "gen-stubs-runtime/web-server";
import { WeatherService } from "./gen/weather_grpc.js";

const reading = (place: string, number: number) => ({ place, number, celsius: 20 + 5 * Math.sin(number / 5) });

const server = new Server({ onError: (error) => console.error(error) }).add(WeatherService, {
  now: ({ name }) => reading(name, 0),
  async *watch({ name }, call) {
    // Ends with the call: the page was left, or shows another place.
    for (let number = 0; ; number++) {
      yield reading(name, number);
      await setTimeout(200, undefined, { signal: call.signal });
    }
  },
});

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
    .map((file) => [`/${file.replaceAll("\\", "/")}`, readFileSync(page + file)]),
);

const calls = nodeHandler(server, { prefix: "/api" });
const web = createServer((request, response) =>
  calls(request, response, () => {
    const path = request.url === "/" ? "/index.html" : (request.url ?? "");
    const file = files.get(path);
    response
      .writeHead(file === undefined ? 404 : 200, { "content-type": types[extname(path)] ?? "text/plain" })
      .end(file);
  }),
);
web.listen(Number(process.argv[2] ?? process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  // It listens on a port, not on a path: its address is an object.
  console.log(`listening on http://127.0.0.1:${(web.address() as AddressInfo).port}/`);
});

process.once("SIGTERM", async () => {
  web.close();
  await server.shutdown({ graceMs: 1_000 });
  web.closeAllConnections();
});
