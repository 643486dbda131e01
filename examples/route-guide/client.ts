/** Looks around, travels a route, and leaves notes on the way. */
import { connect } from "gen-stubs-runtime";
import { features } from "./features.js";
import { FeatureExplorerClient, RouteGuideClient } from "./gen/route_guide_grpc.js";

await using channel = connect(`http://${process.argv[2] ?? "127.0.0.1:50051"}`);

const explorer = new FeatureExplorerClient(channel);
const { name } = await explorer.getFeature({ latitude: 413628156, longitude: -749015468 });
console.log(`here is: ${name}`);

const area = {
  lo: { latitude: 400000000, longitude: -750000000 },
  hi: { latitude: 410000000, longitude: -740000000 },
};
for await (const feature of explorer.listFeatures(area)) console.log(`in the south: ${feature.name}`);

const guide = new RouteGuideClient(channel);
const places = features.map(({ location }) => location);

const route = guide.recordRoute();
await route.sendAll(places);
const { pointCount, featureCount, distance } = await route.closeAndRecv();
console.log(`travelled: ${pointCount} points, ${featureCount} features, ${Math.round(distance / 1000)} km`);

await using chat = guide.routeChat();
const [first, second] = places;
for (const [location, message] of [
  [first, "first"],
  [second, "second"],
  [first, "again"],
] as const) {
  await chat.send({ location, message });
}
await chat.closeSend();
for await (const note of chat) console.log(`left here before: ${note.message}`);
