import type { DescMessage } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import type { Violation } from "@bufbuild/protovalidate";
import { RpcError } from "../core/rpc-error.js";
import type { status } from "../core/status.js";
import { BadRequestSchema } from "../errors.js";

/** The error of a message that breaks its rules: each violation is one of a BadRequest's, with the rule's id as its reason. */
export function errorOfViolations(violations: readonly Violation[], schema: DescMessage, code: status): RpcError {
  const fieldViolations = violations.map(({ field, message, ruleId }) => ({
    field: pathToString(field),
    description: message,
    reason: ruleId,
  }));
  const texts = fieldViolations.map(({ field, description }) =>
    field === "" ? description : `${field}: ${description}`,
  );
  return new RpcError(code, `${schema.typeName} is not valid: ${texts.join("; ")}`, {
    details: [[BadRequestSchema, { fieldViolations }]],
  });
}
