/**
 * The messages that gRPC libraries agree on for the details of an error (`google.rpc`), for `new RpcError(…, { details })` and
 * `error.findDetails(…)`. Needs `@bufbuild/protobuf`.
 *
 * @example
 * ```ts
 * const fieldViolations = [{ field: "name", description: "a place needs a name" }];
 * throw new RpcError(status.INVALID_ARGUMENT, "a place needs a name", { details: [[BadRequestSchema, { fieldViolations }]] });
 * ```
 */
import "./codec-es.js"; // brings what encodes and decodes details

export {
  type BadRequest,
  type BadRequest_FieldViolation,
  BadRequest_FieldViolationSchema,
  BadRequestSchema,
  type DebugInfo,
  DebugInfoSchema,
  type ErrorInfo,
  ErrorInfoSchema,
  type Help,
  type Help_Link,
  Help_LinkSchema,
  HelpSchema,
  type LocalizedMessage,
  LocalizedMessageSchema,
  type PreconditionFailure,
  type PreconditionFailure_Violation,
  PreconditionFailure_ViolationSchema,
  PreconditionFailureSchema,
  type QuotaFailure,
  type QuotaFailure_Violation,
  QuotaFailure_ViolationSchema,
  QuotaFailureSchema,
  type RequestInfo,
  RequestInfoSchema,
  type ResourceInfo,
  ResourceInfoSchema,
  type RetryInfo,
  RetryInfoSchema,
} from "./errors/gen/google/rpc/error_details_pb.js";
