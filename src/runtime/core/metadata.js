/**
 * Metadata and status codes are grpc-js's own classes and numbers, so that credentials, interceptors and helpers
 * people already have keep working with these stubs.
 */
export { Metadata, status } from "@grpc/grpc-js";
