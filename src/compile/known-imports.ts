/** Where the `.proto` files of a well-known import come from. */
export interface ImportSource {
  /** Import names that start so. */
  readonly prefix: string;
  /** npm package that ships the files, and the folder in it to give to `-I`. */
  readonly npm?: { readonly name: string; readonly folder: string };
  /** What to do where no npm package has them, or has them under another name. */
  readonly advice?: string;
}

const gax = { name: "google-gax", folder: "build/protos" } as const;
const xds = "@grpc/grpc-js-xds";

/**
 * Well-known imports; the first matching prefix counts. Each npm package named here was looked into: the files are in
 * it, under these paths (google-gax 5.0.8, google-proto-files 5.0.3, @grpc/grpc-js-xds 1.14.1, @grpc/reflection 1.0.4,
 * grpc-health-check 2.1.0, @temporalio/core-bridge 1.24.0).
 */
export const importSources: readonly ImportSource[] = [
  { prefix: "google/api/", npm: gax },
  { prefix: "google/rpc/", npm: gax },
  { prefix: "google/type/", npm: gax },
  { prefix: "google/longrunning/", npm: gax },
  { prefix: "google/iam/v1/", npm: gax },
  { prefix: "google/logging/type/", npm: gax },
  { prefix: "google/protobuf/", advice: "it comes with protoc; this protoc has no include folder beside it" },
  { prefix: "google/", npm: { name: "google-proto-files", folder: "." } },
  { prefix: "envoy/", npm: { name: xds, folder: "deps/envoy-api" } },
  { prefix: "xds/", npm: { name: xds, folder: "deps/xds" } },
  { prefix: "udpa/", npm: { name: xds, folder: "deps/xds" } },
  { prefix: "validate/validate.proto", npm: { name: xds, folder: "deps/protoc-gen-validate" } },
  { prefix: "grpc/reflection/", npm: { name: "@grpc/reflection", folder: "build/proto" } },
  {
    prefix: "grpc/health/v1/",
    advice:
      'the npm package "grpc-health-check" has it as proto/health/v1/health.proto: copy that to grpc/health/v1/health.proto below one of your proto paths',
  },
  {
    prefix: "temporal/api/",
    npm: { name: "@temporalio/core-bridge", folder: "sdk-core/crates/protos/protos/api_upstream" },
  },
  { prefix: "buf/validate/", advice: fromBuf("buf.build/bufbuild/protovalidate") },
  { prefix: "opentelemetry/proto/", advice: fromBuf("buf.build/opentelemetry/opentelemetry") },
  { prefix: "protoc-gen-openapiv2/", advice: fromBuf("buf.build/grpc-ecosystem/grpc-gateway") },
  { prefix: "gogoproto/", advice: fromBuf("buf.build/gogo/protobuf") },
  { prefix: "cosmos_proto/", advice: fromBuf("buf.build/cosmos/cosmos-proto") },
];

function fromBuf(module: string): string {
  return `no npm package ships it; "buf export ${module} -o third_party" fetches it, then add -I third_party`;
}
