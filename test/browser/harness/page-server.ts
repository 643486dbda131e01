import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type StdinOptions } from "esbuild";

import { RemotePage } from "./remote-page.js";

const pages = fileURLToPath(new URL("../pages", import.meta.url));
const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** One file of JavaScript for browsers, over the runtime's sources: a page of `test/browser/pages`, or text. */
export async function bundlePage(entry: string | StdinOptions, options: BuildOptions = {}): Promise<string> {
  const { outputFiles } = await build({
    ...(typeof entry === "string" ? { entryPoints: [join(pages, entry)] } : { stdin: entry }),
    absWorkingDir: repository,
    bundle: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    sourcemap: "inline",
    logLevel: "error",
    write: false,
    // The tests' own modules ask for it.
    define: { "process.env": "{}" },
    ...options,
  });
  return outputFiles![0]!.text; // `write: false` and one entry
}

/** Pages and what else a test serves, on 127.0.0.1. */
export interface PageServer {
  readonly web: Server;
  readonly port: number;
  /** Where the page is that runs this script. */
  pageOf(script: string): string;
  close(): Promise<void>;
}

/** @param remote has its driver in every page, where no other drives them */
export async function servePages(remote?: RemotePage): Promise<PageServer> {
  const scripts: string[] = [];
  const web = createServer((request, response) => {
    if (remote?.handle(request, response) === true) return;
    const match = /^\/(page|script)\/(\d+)(?:\?|$)/.exec(request.url ?? "");
    const script = scripts[Number(match?.[2])];
    if (match === null || script === undefined) {
      response.writeHead(404).end();
    } else if (match[1] === "script") {
      response.setHeader("content-type", "text/javascript; charset=utf-8");
      response.end(script);
    } else {
      response.setHeader("content-type", "text/html; charset=utf-8");
      const driver = remote === undefined ? "" : `<script type="module">${RemotePage.driver}</script>`;
      response.end(
        `<!doctype html><title>page</title><script type="module" src="/script/${match[2]}"></script>${driver}`,
      );
    }
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const { port } = web.address() as AddressInfo; // it listens on TCP
  return {
    web,
    port,
    pageOf: (script) => `http://127.0.0.1:${port}/page/${scripts.push(script) - 1}`,
    close: () =>
      new Promise<void>((resolve) => {
        web.closeAllConnections();
        web.close(() => resolve());
      }),
  };
}
