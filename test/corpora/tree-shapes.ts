import type { SourceTree } from "./source-trees.js";

/** Small trees of our own, in the shape of some that cannot be had from a registry. */
export const shapes: readonly SourceTree[] = [
  // Temporal's API: one service of many methods, whose requests, enums and common types lie in packages beside it, with HTTP annotations.
  {
    name: "shape of temporal",
    files: {
      "buf.yaml": "version: v1\ndeps:\n  - buf.build/googleapis/googleapis\n",
      "queue/api/enums/v1/task.proto":
        'syntax = "proto3"; package queue.api.enums.v1; enum TaskState { TASK_STATE_UNSPECIFIED = 0; TASK_STATE_DONE = 1; }',
      "queue/api/common/v1/message.proto":
        'syntax = "proto3"; package queue.api.common.v1; message Payload { map<string, bytes> metadata = 1; bytes data = 2; }',
      "queue/api/queueservice/v1/request_response.proto": `syntax = "proto3"; package queue.api.queueservice.v1;
import "queue/api/common/v1/message.proto"; import "queue/api/enums/v1/task.proto"; import "google/protobuf/duration.proto";
${["Start", "Poll", "Complete", "Fail"].map((name) => `message ${name}TaskRequest { queue.api.common.v1.Payload input = 1; google.protobuf.Duration timeout = 2; }\nmessage ${name}TaskResponse { queue.api.enums.v1.TaskState state = 1; }`).join("\n")}`,
      "queue/api/queueservice/v1/service.proto": `syntax = "proto3"; package queue.api.queueservice.v1;
import "queue/api/queueservice/v1/request_response.proto"; import "google/api/annotations.proto";
service QueueService {
${["Start", "Poll", "Complete", "Fail"].map((name) => `rpc ${name}Task (${name}TaskRequest) returns (${name}TaskResponse) { option (google.api.http) = { post: "/tasks/${name.toLowerCase()}" body: "*" }; }`).join("\n")}
}`,
    },
    first: { args: ["."], says: ["buf.yaml lists buf.build/googleapis/googleapis, which buf fetches"] },
    args: [".", "-I", ".", "-I", "{google}"],
  },
  // SPIRE's: an API of its own below proto/, and beside it private ones that import from a second repository's folder.
  {
    name: "shape of spire",
    files: {
      "api/proto/id/api/types/identity.proto":
        'syntax = "proto3"; package id.api.types; message Identity { string trust_domain = 1; string path = 2; }',
      "api/proto/id/api/agent/v1/agent.proto": `syntax = "proto3"; package id.api.agent.v1; import "id/api/types/identity.proto";
service Agent { rpc Attest(stream AttestRequest) returns (stream AttestResponse); rpc Renew(AttestRequest) returns (AttestResponse); }
message AttestRequest { oneof step { bytes params = 1; bytes challenge = 2; } } message AttestResponse { id.api.types.Identity identity = 1; }`,
      "server/proto/private/journal/journal.proto": `syntax = "proto3"; package journal; import "id/api/types/identity.proto";
message Entries { repeated id.api.types.Identity identities = 1; }`,
      "server/proto/id/common/common.proto": 'syntax = "proto3"; package id.common; message Empty {}',
      "server/proto/id/plugin/plugin.proto": `syntax = "proto3"; package id.plugin; import "id/common/common.proto";
service Init { rpc Init(id.common.Empty) returns (id.common.Empty); }`,
    },
    first: { args: ["server/proto"], says: ["→ add -I api/proto"] },
    args: ["server/proto", "-I", "server/proto", "-I", "api/proto"],
  },
  // Milvus': a flat folder that imports, by bare names, from the flat folder of a second repository.
  {
    name: "shape of milvus",
    files: {
      "proto/coord.proto": `syntax = "proto3"; package vectors.coord; import "common.proto"; import "schema.proto"; import "internal.proto";
service Coord { rpc Flush(internal.FlushRequest) returns (common.Status); rpc Watch(common.Status) returns (stream schema.Field); }`,
      "proto/internal.proto":
        'syntax = "proto3"; package vectors.internal; import "schema.proto"; message FlushRequest { repeated schema.Field fields = 1; }',
      "vectors-proto/proto/common.proto":
        'syntax = "proto3"; package vectors.common; message Status { int32 code = 1; }',
      "vectors-proto/proto/schema.proto":
        'syntax = "proto3"; package vectors.schema; message Field { string name = 1; }',
    },
    first: { args: ["proto"], says: ["→ add -I vectors-proto/proto"] },
    args: ["proto", "-I", "proto", "-I", "vectors-proto/proto"],
  },
  // Three of the shapes on which trees failed: two copies, a folder behind a link, two spellings of one import.
  {
    name: "shape of googleapis: a second copy below preview/",
    files: {
      "shop/v1/shop.proto":
        'syntax = "proto3"; package shop.v1; message Item {} service Shop { rpc Get(Item) returns (Item); }',
      "preview/shop/v1/shop.proto":
        'syntax = "proto3"; package shop.v1; message Item { int32 id = 1; } service Shop { rpc Get(Item) returns (Item); }',
    },
    first: { args: ["."], says: ["GS2013", "→ leave it out: --exclude preview"] },
    args: [".", "--exclude", "preview"],
  },
];
