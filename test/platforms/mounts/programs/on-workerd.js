/** Cloudflare's runtime for Workers, as `miniflare` starts it. */
import { readFileSync } from "node:fs";
import { Miniflare } from "miniflare";
import { serving } from "./served.js";

const workers = new Miniflare({
  modules: true,
  script: readFileSync("out/worker.mjs", "utf8"),
  compatibilityDate: "2026-01-01",
  compatibilityFlags: ["nodejs_compat"],
  host: "127.0.0.1",
  port: 0,
});
serving((await workers.ready).port);
