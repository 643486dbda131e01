// A client stream, as k6's documentation has it: random points, then the summary. Untyped.
import { check } from "k6";
import { Counter } from "k6/metrics";
import { Client, Stream } from "k6/net/grpc";

const summaries = new Counter("summaries");
const failures = new Counter("failures");

export const options = {
  vus: 5,
  iterations: 50,
  thresholds: { checks: ["rate==1"], summaries: ["count==50"], failures: ["count==0"] },
};

const client = new Client();

export default function () {
  if (__ITER === 0) client.connect(__ENV.TARGET, { plaintext: true, reflect: true });
  const stream = new Stream(client, "main.RouteGuide/RecordRoute");
  stream.on("data", (summary, metadata) => {
    summaries.add(1);
    check(summary, { "counts the points": ({ pointCount }) => pointCount === 10 });
    check(metadata, { "has a timestamp": ({ ts }) => ts > 0 });
  });
  stream.on("error", () => failures.add(1));
  for (let i = 0; i < 10; i++) {
    stream.write({
      latitude: Math.round((Math.random() * 180 - 90) * 1e7),
      longitude: Math.round((Math.random() * 360 - 180) * 1e7),
    });
  }
  stream.end();
}
