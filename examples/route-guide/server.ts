/** Two services on one port: what is where, and people on their way. */
import { Server } from "gen-stubs-runtime";
import { distance, featureAt, features, samePlace, within } from "./features.js";
import { FeatureExplorerService, RouteGuideService } from "./gen/route_guide_grpc.js";
import type { Point, RouteNote } from "./gen/route_guide_pb.js";

const notes: RouteNote[] = [];

const server = new Server({ onError: (error) => console.error(error) });

server.add(FeatureExplorerService, {
  getFeature(point) {
    return featureAt(point) ?? { name: "", location: point };
  },
  async *listFeatures(area) {
    for (const feature of features) if (within(feature.location, area)) yield feature;
  },
});

server.add(RouteGuideService, {
  async recordRoute(call) {
    const started = performance.now();
    let pointCount = 0;
    let featureCount = 0;
    let metres = 0;
    let last: Point | undefined;
    for await (const point of call) {
      pointCount++;
      if (featureAt(point) !== undefined) featureCount++;
      if (last !== undefined) metres += distance(last, point);
      last = point;
    }
    const elapsedTime = Math.round((performance.now() - started) / 1000);
    await call.sendAndClose({ pointCount, featureCount, distance: Math.round(metres), elapsedTime });
  },

  async *routeChat(call) {
    for await (const note of call) {
      // Answers with what others have left at this place.
      yield* notes.filter(({ location }) => samePlace(location, note.location));
      notes.push(note);
    }
  },
});

const { address } = await server.listen(process.argv[2] ?? "127.0.0.1:50051");
console.log(`listening on ${address}`);

process.once("SIGTERM", () => server.shutdown({ graceMs: 5_000 }));
