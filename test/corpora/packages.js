export const packages = [
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
        sample: /^google\/(bigtable|firestore|logging|longrunning|pubsub|spanner|storage)\/|^google\/cloud\/(speech|tasks)\//,
    },
    { name: "grpc-health-check", roots: ["proto"] },
    { name: "lightning", roots: ["grpc/protos"] },
    { name: "zeebe-node", roots: ["proto"] },
];
