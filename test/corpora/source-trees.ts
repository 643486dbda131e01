import { shapes } from "./tree-shapes.js";

/** A project's sources as its users have them, and how they run the command in it. */
export interface SourceTree {
  readonly name: string;
  /** `path@version` of the Go module whose files it is; without one, `files` are all there is. */
  readonly module?: string;
  /** Files of our own, by path: a tree of the same shape, or what stands in for a repository that cannot be had. */
  readonly files?: Readonly<Record<string, string>>;
  /** Links that archives of the tree lose, and where they lead. */
  readonly links?: Readonly<Record<string, string>>;
  /** Go modules whose folders arguments name: `{path@version}` in `args`, as `{google}` is a folder with Google's files. */
  readonly needs?: readonly string[];
  /** What the command says to those who give nothing but the paths. */
  readonly first?: { readonly args: readonly string[]; readonly says: readonly string[] };
  /** With what was advised then; without, nothing is generated. */
  readonly args?: readonly string[];
  /** Whether it is generated on ts-proto's messages too, though not all are asked for: where they once failed. */
  readonly tsProto?: true;
}

const k8s = ["api", "apimachinery", "apiextensions-apiserver"].map((name) => ({
  prefix: `k8s.io/${name}`,
  module: `k8s.io/${name}@v0.37.2`,
}));
const gogo = "github.com/gogo/protobuf@v1.3.2";
const gateway = "github.com/grpc-ecosystem/grpc-gateway/v2@v2.27.0";
const fsutil = "github.com/tonistiigi/fsutil@v0.0.0-20261103091533-a72de9dcf763";
const vtproto = "github.com/planetscale/vtprotobuf@v0.6.1-0.20240319094008-0393e58bdf10";
const cosmosSdk = "github.com/cosmos/cosmos-sdk@v0.50.10";
const cosmosProto = "github.com/cosmos/cosmos-proto@v1.0.0-beta.5";
const cosmosGogo = "github.com/cosmos/gogoproto@v1.7.0";

const spireApi = "github.com/spiffe/spire-api-sdk@v1.2.5-0.20250109200630-101d5e7de758";

const googleHint = "npm install -D google-gax, then add -I node_modules/google-gax/build/protos";

export const sourceTrees: readonly SourceTree[] = [
  {
    name: "istio",
    module: "istio.io/api@v1.32.0",
    links: { google: "common-protos/google" },
    // What is only there to be imported lacks some of its own imports.
    first: {
      args: ["."],
      says: [
        '2 imports were not found: "google/logging/type/log_severity.proto"',
        '"google/longrunning/operations.proto"',
      ],
    },
    args: [".", "--exclude", "google"],
  },
  {
    name: "buildkit",
    module: "github.com/moby/buildkit@v0.34.2",
    needs: [fsutil, vtproto],
    first: {
      args: ["."],
      says: [
        googleHint,
        "the Go module github.com/tonistiigi/fsutil has it: go mod download github.com/tonistiigi/fsutil",
      ],
    },
    args: [
      ...[".", "-I", "github.com/moby/buildkit=.", "-I", "{google}"],
      ...["-I", `github.com/tonistiigi/fsutil={${fsutil}}`, "-I", `{${vtproto}}/include`],
    ],
  },
  {
    name: "argo-cd",
    module: "github.com/argoproj/argo-cd/v2@v2.14.0",
    needs: [...k8s.map(({ module }) => module), gogo],
    first: {
      args: ["."],
      says: [
        ...k8s.map(({ prefix }) => `the Go module ${prefix} has it: go mod download ${prefix}`),
        '"buf export buf.build/gogo/protobuf -o third_party" fetches it',
        googleHint,
      ],
    },
    args: [
      ".",
      ...["-I", "github.com/argoproj/argo-cd/v2=."],
      ...k8s.flatMap(({ prefix, module }) => ["-I", `${prefix}={${module}}`]),
      ...["-I", `{${gogo}}`, "-I", "{google}"],
    ],
  },
  {
    name: "ibc-go",
    module: "github.com/cosmos/ibc-go/v8@v8.5.0",
    needs: [cosmosSdk, cosmosProto, cosmosGogo],
    // In the place of a file from a repository that is no Go module.
    files: {
      "stand-in/cosmos/ics23/v1/proofs.proto":
        'syntax = "proto3"; package cosmos.ics23.v1; message CommitmentProof { bytes proof = 1; } message ProofSpec { int32 depth = 1; }',
    },
    first: {
      args: ["."],
      says: ["buf.work.yaml lists buf.build/cosmos/cosmos-sdk:", "which buf fetches: npm install -D @bufbuild/buf"],
    },
    args: [
      "proto",
      ...["-I", "proto", "-I", "stand-in", "-I", "{google}"],
      ...[`{${cosmosSdk}}/proto`, `{${cosmosProto}}/proto`, `{${cosmosGogo}}`].flatMap((folder) => ["-I", folder]),
    ],
  },
  {
    name: "etcd",
    module: "go.etcd.io/etcd/api/v3@v3.7.3",
    needs: [gateway],
    first: { args: ["."], says: ["→ add -I etcd/api=.", googleHint, "buf.build/grpc-ecosystem/grpc-gateway"] },
    args: [".", "-I", "etcdserverpb", "-I", "etcd/api=.", "-I", "{google}", "-I", `{${gateway}}`],
  },
  { name: "cri-api", module: "k8s.io/cri-api@v0.37.2", args: ["."] },
  { name: "dapr", module: "github.com/dapr/dapr@v1.14.0", args: ["dapr"] },
  { name: "lnd", module: "github.com/lightningnetwork/lnd@v0.18.3-beta.rc3", args: ["lnrpc"] },
  {
    name: "milvus",
    module: "github.com/milvus-io/milvus/pkg/v2@v2.6.7-0.20251201120310-af64f2acba38",
    // They lie in a second repository, which is no Go module.
    first: {
      args: ["proto"],
      says: ['5 imports were not found: "schema.proto"', "add -I with the folder the import is relative to"],
    },
  },
  {
    name: "spire",
    module: "github.com/spiffe/spire@v1.13.3",
    needs: [spireApi],
    args: [".", "-I", "proto", "-I", `{${spireApi}}/proto`],
  },
  { name: "spire's API", module: spireApi, args: ["."] },
  {
    name: "boundary",
    module: "github.com/hashicorp/boundary@v0.18.0",
    needs: [gateway],
    first: {
      args: ["."],
      says: [
        "5 imports were not found",
        "buf.work.yaml lists buf.build/googleapis/googleapis, buf.build/grpc-ecosystem/grpc-gateway, which buf fetches",
      ],
    },
    args: [".", "-I", "internal/proto", "-I", "{google}", "-I", `{${gateway}}`],
    tsProto: true,
  },
  ...shapes,
];
