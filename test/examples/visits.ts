import { webSocketChannel } from "gen-stubs-runtime/web-socket";
import { expect } from "vitest";
import { WebSocket } from "ws";

/** What a browser would do with the pages of an example that serves some: loads one, and makes its calls. */
export async function visit(name: string, url: string): Promise<void> {
  const page = await textOf(url);
  if (name === "next") expect(page).toContain("Oslo: 20.0 °C");
  const scripts = [...page.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src = ""]) => src);
  expect(scripts.length).toBeGreaterThan(0);
  for (const src of scripts) expect((await textOf(new URL(src, url))).length).toBeGreaterThan(100);

  if (name === "web") await openWebSocket(`${url.replace("http", "ws")}/grpc`);
  else await callWeather(`${url}/api/examples.weather.v1.Weather`);
}

async function textOf(url: string | URL): Promise<string> {
  const response = await fetch(url);
  expect(response.status, String(url)).toBe(200);
  return await response.text();
}

async function openWebSocket(url: string): Promise<void> {
  await using channel = webSocketChannel(url, { webSocket: WebSocket });
  channel.connect();
  for await (const state of channel.watchState()) {
    expect(state).not.toBe("transient_failure");
    if (state === "ready") break;
  }
}

/** A unary call and a stream, by the Connect protocol with JSON. */
async function callWeather(service: string): Promise<void> {
  const request = JSON.stringify({ name: "Oslo" });
  const now = await fetch(`${service}/Now`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: request,
  });
  expect(await now.json()).toEqual({ place: "Oslo", celsius: 20 });

  // https://connectrpc.com/docs/protocol#streaming-request: a byte of flags and four of length before each message.
  const message = Buffer.from(`\0\0\0\0\0${request}`);
  message.writeUInt32BE(request.length, 1);
  const watch = await fetch(`${service}/Watch`, {
    method: "POST",
    headers: { "content-type": "application/connect+json" },
    body: message,
  });
  const reader = watch.body!.getReader(); // a response of 200 has a body
  let read = "";
  while (!read.includes('"number":1')) {
    const { value, done } = await reader.read();
    expect(done, read).toBe(false);
    read += Buffer.from(value ?? []).toString("latin1");
  }
  await reader.cancel();
}
