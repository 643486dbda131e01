import { RpcError, status } from "gen-stubs-runtime";
import type { StreamServiceHandlers } from "../../gen/stream_grpc.js";
import { Track } from "../track.js";

/** Answers with five results; a negative id is refused. */
export const streamHandlers: StreamServiceHandlers = {
  fetchResponse({ id }, call) {
    const track = new Track(call, "FetchResponse");
    return track.run(async () => {
      if (id < 0) throw new RpcError(status.INVALID_ARGUMENT, "id must not be negative");
      for (let i = 1; i <= 5; i++) {
        await call.send({ result: `Request ${id}, result ${i}` });
        track.sent++;
      }
    });
  },
};
