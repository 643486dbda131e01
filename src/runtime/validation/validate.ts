import { create, type DescMessage, type DescMethod, type Message } from "@bufbuild/protobuf";
import { createValidator, type Validator } from "@bufbuild/protovalidate";
import type { ClientInterceptor, ClientNext, OutgoingCall } from "../call/client/interceptor.js";
import type { ServerInterceptor, ServerNext } from "../call/server/interceptor.js";
import type { ServerCall } from "../call/server/types.js";
import type { AnyMethod } from "../core/method.js";
import { RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";
import { errorOfViolations } from "./violations.js";

/** How messages are checked. */
export interface ValidateOptions {
  /** What checks them: `createValidator({ registry })`, for rules of your own. Default: `createValidator()`. */
  readonly validator?: Validator | undefined;
  /** Check responses too: one that breaks its rules ends the call with INTERNAL. Default false. */
  readonly responses?: boolean | undefined;
}

/** An interceptor for either side. */
export type Validation = ClientInterceptor & ServerInterceptor;

/**
 * Checks messages by the rules of `buf.validate` in their .proto files, on the side it is given to: a client refuses a request
 * before it is sent, a server before its handler sees it. The call ends with INVALID_ARGUMENT, and the violations are the
 * fields of a `google.rpc.BadRequest` (`error.findDetails(BadRequestSchema)`). Rules that cannot be read end it with INTERNAL.
 * For messages of protobuf-es.
 *
 * @example
 * ```ts
 * new Server({ interceptors: [validate()] });
 * connect(target, { interceptors: [validate()] });
 * ```
 */
export function validate(options: ValidateOptions = {}): Validation {
  const { validator = createValidator(), responses = false } = options;
  const check = (schema: DescMessage, message: Message, method: AnyMethod, code: status): void => {
    const result = validator.validate(schema, message);
    if (result.kind === "invalid") throw errorOfViolations(result.violations, schema, code);
    if (result.kind === "error") {
      const details = `the rules of ${schema.typeName} cannot be checked (${method.path}): ${result.error.message}`;
      throw new RpcError(status.INTERNAL, details, { cause: result.error });
    }
  };
  const validation = async (call: OutgoingCall | ServerCall, next: ClientNext & ServerNext): Promise<void> => {
    const { method } = call;
    const { input, output } = descriptorOf(method);
    // What is sent is an init shape, which may lack what the rules look at.
    const toSend = (schema: DescMessage, message: unknown): Message =>
      create(schema, message as Record<string, unknown>); // the method's own message
    if ("sendHeader" in call) {
      await next({
        received: (message) => check(input, message as Message, method, status.INVALID_ARGUMENT), // decoded as one
        sent: responses ? (message) => check(output, toSend(output, message), method, status.INTERNAL) : undefined,
      });
    } else {
      await next({
        sent: (message) => check(input, toSend(input, message), method, status.INVALID_ARGUMENT),
        received: responses ? (message) => check(output, message as Message, method, status.INTERNAL) : undefined, // as above
      });
    }
  };
  return validation as Validation; // which of the two it is, it asks the call
}

function descriptorOf(method: AnyMethod): DescMethod {
  if (method.descriptor !== undefined) return method.descriptor as DescMethod; // told by shape in core, and this it is
  throw new RpcError(status.INTERNAL, `${method.path} has no descriptor: validate() is for messages of protobuf-es`);
}
