import { RpcError, status } from "gen-stubs-runtime";
import type { FeatureExplorerHandlers, RouteGuideHandlers } from "../../gen/route_guide_grpc.js";
import type { Point } from "../../gen/route_guide_pb.js";

/** A grid of features, one at each tenth of a degree between 40°N 75°W and 42°N 73°W. */
const features = Array.from({ length: 21 * 21 }, (_, index) => ({
  name: `Feature ${index}`,
  location: {
    latitude: 400_000_000 + Math.floor(index / 21) * 1_000_000,
    longitude: -750_000_000 + (index % 21) * 1_000_000,
  },
}));

export const featureExplorer: FeatureExplorerHandlers = {
  getFeature: ({ latitude, longitude }) =>
    features.find(({ location }) => location.latitude === latitude && location.longitude === longitude) ?? {
      location: { latitude, longitude },
    },
  async *listFeatures({ lo, hi }) {
    if (lo === undefined || hi === undefined)
      throw new RpcError(status.INVALID_ARGUMENT, "a rectangle has two corners");
    const [south, north] = [lo.latitude, hi.latitude].sort((a, b) => a - b) as [number, number];
    const [west, east] = [lo.longitude, hi.longitude].sort((a, b) => a - b) as [number, number];
    for (const feature of features) {
      const { latitude, longitude } = feature.location;
      if (latitude >= south && latitude <= north && longitude >= west && longitude <= east) yield feature;
    }
  },
};

export const routeGuide: RouteGuideHandlers = {
  async recordRoute(call) {
    const started = Date.now();
    let last: Point | undefined;
    let [pointCount, featureCount, metres] = [0, 0, 0];
    for await (const point of call) {
      pointCount++;
      if (
        features.some(({ location }) => location.latitude === point.latitude && location.longitude === point.longitude)
      ) {
        featureCount++;
      }
      if (last !== undefined) metres += distance(last, point);
      last = point;
    }
    const elapsedTime = Math.round((Date.now() - started) / 1000);
    await call.sendAndClose({ pointCount, featureCount, distance: Math.round(metres), elapsedTime });
  },
  async routeChat(call) {
    for await (const note of call) await call.send(note);
  },
};

/** Metres between two points (haversine). */
function distance(from: Point, to: Point): number {
  const radians = (e7: number): number => (e7 / 1e7) * (Math.PI / 180);
  const sinLatitude = Math.sin(radians(to.latitude - from.latitude) / 2);
  const sinLongitude = Math.sin(radians(to.longitude - from.longitude) / 2);
  const a = sinLatitude ** 2 + Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude)) * sinLongitude ** 2;
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(a)));
}
