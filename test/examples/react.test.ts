import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Service } from "gen-stubs-runtime";
import { Window } from "happy-dom";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { repository } from "../support/packed.js";
import { runOk } from "../support/shell.js";

/** The example's own files are loaded as a page loads them: they are of another TypeScript project, with JSX and a DOM. */
const load = (path: string): Promise<Record<string, never>> =>
  import(/* @vite-ignore */ pathToFileURL(join(repository, "examples", path)).href);

interface Calls {
  begun: number;
  left: number;
}

describe("the React example, under StrictMode", () => {
  const page = new Window();

  beforeAll(async () => {
    await runOk(["npm", "run", "examples:gen"], { cwd: repository });
    vi.stubGlobal("window", page);
    vi.stubGlobal("document", page.document);
    vi.stubGlobal("navigator", page.navigator);
  }, 120_000);

  afterAll(async () => {
    vi.unstubAllGlobals();
    await page.happyDOM.close();
  });

  test("it type-checks where there is a DOM and nothing of Node", { timeout: 120_000 }, async () => {
    await runOk([process.execPath, "node_modules/typescript/bin/tsc", "-p", "examples/react"], { cwd: repository });
  });

  test("a query, a streamed query and the hook show readings; what is left is cancelled", {
    timeout: 60_000,
  }, async () => {
    const { Server } = await import("gen-stubs-runtime");
    const { webDoors } = await import("gen-stubs-runtime/web-server");
    const { fetchChannel } = await import("gen-stubs-runtime/web");
    const { WeatherService, WeatherClient } = await load("react/gen/weather_grpc.ts");
    const { App } = await load("react/src/app.tsx");
    const { createElement, StrictMode } = await import("react");
    const { createRoot } = await import("react-dom/client");
    const { QueryClient, QueryClientProvider } = await import("@tanstack/react-query");

    const calls = new Map<string, Calls>();
    const server = new Server().add(
      WeatherService as unknown as Service<object>,
      {
        now: ({ name }: { name: string }) => ({ place: name, celsius: 21, number: 0 }),
        async *watch({ name }: { name: string }, call: { signal: AbortSignal }) {
          const seen = calls.get(name) ?? { begun: 0, left: 0 };
          calls.set(name, seen);
          seen.begun++;
          for (let number = 0; number < 3; number++) yield { place: name, celsius: number, number };
          await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve(), { once: true }));
          seen.left++;
        },
      } as never,
    ); // its types are those of the generated file, which is not of this project
    const { port } = await server.listen("127.0.0.1:0", { web: webDoors() });
    const channel = fetchChannel(`http://127.0.0.1:${port}`, { protocol: "connect" });
    onTestFinished(async () => {
      await channel.close();
      await server.shutdown();
    });
    const Client = WeatherClient as unknown as new (channel: unknown) => object; // as above
    const client = new Client(channel);

    const place = page.document.createElement("div");
    page.document.body.append(place);
    const root = createRoot(place as unknown as Element);
    const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    onTestFinished(() => {
      root.unmount();
      queries.clear();
    });
    const app = createElement(App as never, { client });
    root.render(createElement(StrictMode, null, createElement(QueryClientProvider, { client: queries }, app)));
    const text = (id: string): string[] =>
      [...place.querySelectorAll(`[data-testid="${id}"] li`)].map((item) => item.textContent);
    const button = (name: string): void =>
      [...place.querySelectorAll("button")].find(({ textContent }) => textContent === name)?.click();

    await vi.waitFor(() => {
      expect(place.querySelector('[data-testid="now"]')?.textContent).toBe("Oslo: 21.0 °C");
      expect(text("query")).toEqual(["0.0", "1.0", "2.0"]);
      expect(text("hook")).toEqual(["0.0", "1.0", "2.0"]);
    }, 10_000);
    // The hook's effect runs twice under StrictMode, and its first call is cancelled, mostly before it is under way.
    await vi.waitFor(() => {
      const { begun, left } = calls.get("Oslo")!;
      expect(begun - left).toBe(2);
    }, 10_000);

    button("Rome");
    await vi.waitFor(() => {
      expect(text("hook")).toEqual(["0.0", "1.0", "2.0"]);
      expect(place.querySelector('[data-testid="now"]')?.textContent).toBe("Rome: 21.0 °C");
      const { begun, left } = calls.get("Oslo")!;
      expect(left).toBe(begun);
    }, 10_000);

    button("Stop");
    await vi.waitFor(() => {
      expect(place.querySelector('[data-testid="hook"]')).toBeNull();
      const { begun, left } = calls.get("Rome")!;
      expect([begun > 0, left]).toEqual([true, begun]);
    }, 10_000);
  });
});
