import { connect, Server, status } from "gen-stubs-runtime";
import { HealthClient, HealthImplementation, HealthService, ServingStatus } from "gen-stubs-runtime/health";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

describe("health", () => {
  let health: HealthImplementation;
  let server: Server;
  let client: HealthClient;
  let close: () => Promise<void>;

  beforeEach(async () => {
    health = new HealthImplementation({ "": "SERVING", "main.RouteGuide": "NOT_SERVING" });
    server = new Server().add(HealthService, health);
    const { port } = await server.listen("127.0.0.1:0");
    const channel = connect(`http://127.0.0.1:${port}`);
    client = new HealthClient(channel);
    close = () => channel.close();
  });

  afterEach(async () => {
    await close();
    await server.shutdown();
  });

  it("checks the server and its services", async () => {
    expect((await client.check({})).status).toBe(ServingStatus.SERVING);
    expect((await client.check({ service: "main.RouteGuide" })).status).toBe(ServingStatus.NOT_SERVING);
    await expect(client.check({ service: "no.Such" })).rejects.toMatchObject({
      code: status.NOT_FOUND,
      details: "unknown service no.Such",
    });
  });

  it("tells watchers of each change, and of services that come later", async () => {
    await using known = client.watch({ service: "main.RouteGuide" });
    await using later = client.watch({ service: "later.Service" });
    expect((await known.recv())?.status).toBe(ServingStatus.NOT_SERVING);
    expect((await later.recv())?.status).toBe(ServingStatus.SERVICE_UNKNOWN);
    health.set("main.RouteGuide", "NOT_SERVING"); // no change: says nothing
    health.set("main.RouteGuide", "SERVING");
    health.set("later.Service", "SERVING");
    expect((await known.recv())?.status).toBe(ServingStatus.SERVING);
    expect((await later.recv())?.status).toBe(ServingStatus.SERVING);
    health.shutdown();
    expect((await known.recv())?.status).toBe(ServingStatus.NOT_SERVING);
    health.set("main.RouteGuide", "SERVING"); // ignored until resume
    expect((await client.check({ service: "main.RouteGuide" })).status).toBe(ServingStatus.NOT_SERVING);
    health.resume();
    expect((await known.recv())?.status).toBe(ServingStatus.SERVING);
  });

  it("lists what it knows, up to a hundred services", async () => {
    expect(Object.keys((await client.list({})).statuses)).toEqual(["", "main.RouteGuide"]);
    for (let i = 0; i < 100; i++) health.set(`s${i}`, "SERVING");
    await expect(client.list({})).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  });
});
