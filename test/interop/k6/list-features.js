// A server stream, as k6's documentation has it: the features of a rectangle. Untyped.
import { check } from "k6";
import { Counter } from "k6/metrics";
import { Client, Stream } from "k6/net/grpc";

const features = new Counter("features");
const ends = new Counter("ends");
const failures = new Counter("failures");

export const options = {
  vus: 5,
  iterations: 50,
  // 2 × 2 features in the rectangle.
  thresholds: { checks: ["rate==1"], features: ["count==200"], ends: ["count==50"], failures: ["count==0"] },
};

const client = new Client();

export default function () {
  if (__ITER === 0) client.connect(__ENV.TARGET, { plaintext: true, reflect: true });
  const stream = new Stream(client, "main.FeatureExplorer/ListFeatures");
  stream.on("data", (feature) => {
    features.add(1);
    check(feature, { "has a name and a place": ({ name, location }) => name !== "" && location.latitude > 0 });
  });
  stream.on("end", () => ends.add(1));
  stream.on("error", () => failures.add(1));
  stream.write({
    lo: { latitude: 400000000, longitude: -750000000 },
    hi: { latitude: 401000000, longitude: -749000000 },
  });
  stream.end();
}
