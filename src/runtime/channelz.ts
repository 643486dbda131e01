/**
 * gRPC's channelz service (gRFC A14): what a process has open, for `grpcdebug` and the like. Needs `@bufbuild/protobuf`. It tells
 * names of peers and of targets: serve it only where all callers may know these.
 *
 * @example
 * ```ts
 * const admin = new Server().add(ChannelzService, new ChannelzImplementation({ servers: [server], channels: [channel] }));
 * await admin.listen("127.0.0.1:50052");
 * ```
 */
export { ChannelzImplementation, type ChannelzOptions } from "./channelz/channelz-implementation.js";
export {
  ChannelzClient,
  type ChannelzHandlers,
  ChannelzService,
} from "./channelz/gen/grpc/channelz/v1/channelz_grpc.js";
