import { RpcException } from "@nestjs/microservices";
import { statusOfError } from "../call/server/error-status.js";
import { isMetadata } from "../core/metadata.js";
import { RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";

/**
 * The error of a call for what Nest's exception filters gave back. They have decided what a client may see, so a text is sent
 * even without a code, as UNKNOWN: the rule of grpc-js (`serverErrorToStatus`), which Nest's own transport follows.
 */
export function errorOfFilter(thrown: unknown): unknown {
  const error = thrown instanceof RpcException ? thrown.getError() : thrown;
  const known = statusOfError(error);
  if (known !== undefined) return RpcError.fromStatus(known, { cause: thrown });
  if (typeof error === "string") return new RpcError(status.UNKNOWN, error, { cause: thrown });
  if (typeof error !== "object" || error === null) return thrown;
  if (!("message" in error) || typeof error.message !== "string") return thrown;
  const code = "code" in error && typeof error.code === "number" && Number.isInteger(error.code) ? error.code : 2;
  const metadata = "metadata" in error && isMetadata(error.metadata) ? error.metadata : undefined;
  return new RpcError(code === status.OK ? status.UNKNOWN : code, error.message, { metadata, cause: thrown });
}

/** The error of a call for what an iterable threw while it was sent, which no filter has seen: an RpcException says what it says. */
export function errorOfIterable(thrown: unknown): unknown {
  return thrown instanceof RpcException ? errorOfFilter(thrown) : thrown;
}
