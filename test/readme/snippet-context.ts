/** What the README's snippets take for granted: a server of the Weather service, and a client of it. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { connect, Metadata, RpcError, Server, status } from "gen-stubs-runtime";
import { WeatherClient, type WeatherHandlers, WeatherService } from "./gen/weather_grpc.js";

export { connect, Metadata, RpcError, Server, status, WeatherClient, WeatherService };

export const handlers: WeatherHandlers = {
  now({ name }) {
    if (name === "") throw new RpcError(status.INVALID_ARGUMENT, "a place needs a name");
    return { place: name, celsius: 21.5 };
  },
  async *watch({ name }, call) {
    const header = new Metadata();
    header.set("station", "5");
    call.sendHeader(header);
    call.trailer.set("readings", "3");
    for (const celsius of [21.5, 21.75, 22]) yield { place: name, celsius };
    // A place that never ends, for the snippets on cancelling.
    if (name === "Nowhere") await setTimeout(60_000, undefined, { signal: call.signal });
  },
  async report(call) {
    let count = 0;
    let sum = 0;
    for await (const { celsius } of call) {
      count++;
      sum += celsius;
    }
    await call.sendAndClose({ count, mean: sum / count });
  },
  async compare(call) {
    for await (const { name } of call) await call.send({ place: name, celsius: 21.5 });
  },
};

export const server = new Server().add(WeatherService, handlers);
const { address: listening } = await server.listen("127.0.0.1:0");
export const address = listening;
export const channel = connect(`http://${listening}`);
export const weather = new WeatherClient(channel);

export const readings = [10, 20, 30].map((celsius) => ({ place: "Oslo", celsius }));
export const places = ["Oslo", "Rome"].map((name) => ({ name }));

/** Paths of a key and a certificate for localhost. */
export function certificate(): { key: Buffer; cert: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "gen-stubs-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"];
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"];
  execFileSync("openssl", ["req", ...kind, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

export async function closeContext(): Promise<void> {
  await channel.close();
  await server.shutdown();
}
