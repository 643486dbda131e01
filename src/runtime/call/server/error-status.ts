import { isMetadata, Metadata } from "../../core/metadata.js";
import { normalStatus, RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { isStatusCode, status as Status } from "../../core/status.js";

/**
 * The status that a thrown value stands for. Undefined for unexpected errors, of which the client learns
 * nothing (P7). Statuses are RpcErrors, grpc-js's ServiceErrors (an integer `code` and a text `details`), and plain
 * objects with an integer `code` and a text `details` or `message`, as grpc-js handlers give to their callback.
 * An Error with a number as `code` and without `details` is not taken as a status: other libraries have such codes.
 */
export function statusOfError(error: unknown): StatusObject | undefined {
  if (error instanceof RpcError) return error.code === Status.OK ? undefined : normalStatus(withOwnMetadata(error));
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const { code } = error;
  if (!isStatusCode(code) || code === Status.OK) return undefined;
  const details = detailsOf(error);
  return details === undefined ? undefined : { code, details, metadata: metadataOf(error) };
}

/** The status of an error; UNKNOWN without its text for an error that has no status (P7). */
export function statusOrUnknown(error: unknown): StatusObject {
  return statusOfError(error) ?? statusObject(Status.UNKNOWN, "the handler failed");
}

/** An RpcError of another copy of this package has a Metadata of that copy. */
function withOwnMetadata(error: RpcError): StatusObject {
  return { code: error.code, details: error.details, metadata: metadataOf(error) };
}

function metadataOf(error: object): Metadata {
  return "metadata" in error && isMetadata(error.metadata) ? Metadata.from(error.metadata) : new Metadata();
}

function detailsOf(error: object): string | undefined {
  if ("details" in error && typeof error.details === "string") return error.details;
  if (error instanceof Error) return undefined;
  return "message" in error && typeof error.message === "string" ? error.message : undefined;
}
