import { join } from "node:path";

/** The checkout. `npm run` starts in it. */
export const root: string = process.cwd();
/** Everything the run installs, builds and generates; git ignores it. */
export const cache: string = join(root, ".cache", "interop");
export const bin: string = join(cache, "bin");
export const interop: string = join(root, "test", "interop");

/** The fixture protos of the guides' services: folder of fixtures/ and file. */
export const guides = {
  report: { folder: join(root, "fixtures", "report", "input"), file: "report.proto" },
  stream: { folder: join(root, "fixtures", "stream", "input"), file: "stream.proto" },
  data: { folder: join(root, "fixtures", "data", "input"), file: "data.proto" },
  chat: { folder: join(root, "fixtures", "chat", "input"), file: "chat.proto" },
  routeGuide: { folder: join(root, "fixtures", "route-guide", "input"), file: "route_guide.proto" },
} as const;
