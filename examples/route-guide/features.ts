import type { Rectangle } from "./gen/route_guide_pb.js";

/** A place, in degrees multiplied by 10**7. */
interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

export const features: readonly { readonly name: string; readonly location: Place }[] = [
  { name: "Old Mill", location: { latitude: 407838351, longitude: -746143763 } },
  { name: "Ferry Landing", location: { latitude: 408122808, longitude: -743999179 } },
  { name: "Lookout Rock", location: { latitude: 413628156, longitude: -749015468 } },
  { name: "Covered Bridge", location: { latitude: 419999544, longitude: -740371136 } },
  { name: "Apple Orchard", location: { latitude: 414008389, longitude: -743951297 } },
  { name: "Railway Station", location: { latitude: 405957808, longitude: -743255336 } },
];

export function samePlace(a: Place | undefined, b: Place | undefined): boolean {
  return a?.latitude === b?.latitude && a?.longitude === b?.longitude;
}

export function featureAt(place: Place): (typeof features)[number] | undefined {
  return features.find(({ location }) => samePlace(location, place));
}

export function within({ latitude, longitude }: Place, area: Pick<Rectangle, "lo" | "hi">): boolean {
  const { lo, hi } = area;
  if (lo === undefined || hi === undefined) return false;
  return (
    latitude >= Math.min(lo.latitude, hi.latitude) &&
    latitude <= Math.max(lo.latitude, hi.latitude) &&
    longitude >= Math.min(lo.longitude, hi.longitude) &&
    longitude <= Math.max(lo.longitude, hi.longitude)
  );
}

/** Metres between two places on a sphere of the Earth's size. */
export function distance(a: Place, b: Place): number {
  const [latitudeA, latitudeB] = [radians(a.latitude), radians(b.latitude)];
  const halfway =
    Math.sin((latitudeB - latitudeA) / 2) ** 2 +
    Math.cos(latitudeA) * Math.cos(latitudeB) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * 6_371_000 * Math.asin(Math.sqrt(halfway));
}

function radians(e7: number): number {
  return (e7 / 1e7) * (Math.PI / 180);
}
