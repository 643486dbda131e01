/** Whether a content-type is gRPC's with protobuf, the one format we speak: `application/grpc` or `application/grpc+proto`. */
export function isGrpcContentType(value: string | undefined): boolean {
  return value === "application/grpc" || (value !== undefined && /^application\/grpc(\+proto)?\s*(;|$)/i.test(value));
}
