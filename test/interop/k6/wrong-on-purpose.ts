// What the types refuse. The run type-checks this file: a mistake that goes through is an error of its own.
import { Client } from "k6/net/grpc";
import { FeatureExplorerK6, RouteGuideK6 } from "./gen/route_guide_k6.ts";

const client = new Client();
const stream = new RouteGuideK6(client).recordRoute();
// @ts-expect-error a point has numbers
stream.write({ latitude: "north" });
// @ts-expect-error there is no such event
stream.on("close", () => {});
// @ts-expect-error a summary has no name
stream.on("data", ({ name }) => name);
// @ts-expect-error a rectangle is no point
new FeatureExplorerK6(client).getFeature({ lo: {}, hi: {} });
