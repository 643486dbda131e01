/** A package that ships .proto files, and where in it imports are relative to. */
export interface Corpus {
  readonly name: string;
  /** Folders in the package; the first holds what is generated. */
  readonly roots: readonly string[];
  /** Files that do not compile, or that only try protoc itself. */
  readonly without?: RegExp;
  /**
   * Which of the files the type-check takes where not all are asked for: too many for every run of CI.
   * The stubs are generated from all.
   */
  readonly sample?: RegExp;
}

const temporal = "sdk-core/crates/protos/protos";

export const packages: readonly Corpus[] = [
  {
    name: "@grpc/grpc-js-xds",
    roots: ["envoy-api", "googleapis", "protoc-gen-validate", "xds"].map((one) => `deps/${one}`),
  },
  { name: "@grpc/reflection", roots: ["build/proto", "build/proto/sample", "build/proto/sample/vendor"] },
  { name: "google-gax", roots: ["build/protos"], without: /^google\/protobuf\// },
  {
    name: "google-proto-files",
    roots: ["."],
    // google/protobuf holds protobuf's own tests, and lacks some of their imports.
    without: /^google\/protobuf\//,
    sample:
      /^google\/(bigtable|firestore|logging|longrunning|pubsub|spanner|storage)\/|^google\/cloud\/(speech|tasks)\//,
  },
  { name: "grpc-health-check", roots: ["proto"] },
  { name: "lightning", roots: ["grpc/protos"] },
  {
    // Temporal's API, with what its workers add to it.
    name: "@temporalio/core-bridge",
    roots: [
      ...["api_upstream", "api_cloud_upstream", "local", "testsrv_upstream"].map((one) => `${temporal}/${one}`),
      temporal,
    ],
    without: /^google\/protobuf\//,
  },
  { name: "zeebe-node", roots: ["proto"] },
];
