// The same server stream with the typed stubs, and unary calls both ways.
import { check } from "k6";
import { Counter } from "k6/metrics";
import { Client, StatusOK } from "k6/net/grpc";
import type { Options } from "k6/options";
import { FeatureExplorerK6, FeatureExplorerK6Async } from "./gen/route_guide_k6.ts";

const features = new Counter("features");
const ends = new Counter("ends");
const failures = new Counter("failures");

export const options: Options = {
  vus: 5,
  iterations: 50,
  thresholds: { checks: ["rate==1"], features: ["count==200"], ends: ["count==50"], failures: ["count==0"] },
};

const client = new Client();
const explorer = new FeatureExplorerK6(client);
const asyncExplorer = new FeatureExplorerK6Async(client);

export default async function listFeatures(): Promise<void> {
  if (__ITER === 0) client.connect(__ENV["TARGET"] ?? "", { plaintext: true, reflect: true });
  const corner = { latitude: 400_000_000, longitude: -750_000_000 };
  const response = explorer.getFeature(corner);
  check(response, { "names the corner": ({ status, message }) => status === StatusOK && message.name === "Feature 0" });
  const { message } = await asyncExplorer.getFeature(corner, { timeout: "5s" });
  check(message, { "names it asynchronously": ({ name }) => name === "Feature 0" });

  const stream = explorer.listFeatures();
  stream.on("data", (feature) => {
    features.add(1);
    check(feature, {
      "has a name and a place": ({ name, location }) => name !== "" && (location?.latitude ?? 0) > 0,
    });
  });
  stream.on("end", () => ends.add(1));
  stream.on("error", () => failures.add(1));
  stream.write({ lo: corner, hi: { latitude: 401_000_000, longitude: -749_000_000 } });
  stream.end();
}
