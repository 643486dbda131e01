// The same client stream with the typed stubs.
import { check } from "k6";
import { Counter } from "k6/metrics";
import { Client } from "k6/net/grpc";
import type { Options } from "k6/options";
import { RouteGuideK6 } from "./gen/route_guide_k6.ts";

const summaries = new Counter("summaries");
const failures = new Counter("failures");

export const options: Options = {
  vus: 5,
  iterations: 50,
  thresholds: { checks: ["rate==1"], summaries: ["count==50"], failures: ["count==0"] },
};

const client = new Client();
const routeGuide = new RouteGuideK6(client);

export default function recordRoute(): void {
  if (__ITER === 0) client.connect(__ENV["TARGET"] ?? "", { plaintext: true, reflect: true });
  const stream = routeGuide.recordRoute({ tags: { kind: "client stream" } });
  stream.on("data", (summary, metadata) => {
    summaries.add(1);
    check(summary, { "counts the points": ({ pointCount }) => pointCount === 10 });
    check(metadata, { "has a timestamp": ({ ts }) => ts > 0 });
  });
  stream.on("error", ({ code }) => failures.add(1, { code: String(code) }));
  for (let i = 0; i < 10; i++) {
    stream.write({
      latitude: Math.round((Math.random() * 180 - 90) * 1e7),
      longitude: Math.round((Math.random() * 360 - 180) * 1e7),
    });
  }
  stream.end();
}
