import { Metadata, status as Status } from "../core/metadata.js";
import { normalStatus, RpcError, type StatusObject } from "../core/rpc-error.js";

/**
 * The status a thrown value stands for, or undefined where it is no status but an accident, of which the client learns
 * nothing (P7). Statuses are RpcErrors, grpc-js's ServiceErrors (an integer `code` and a text `details`), and plain
 * objects with an integer `code` and a text `details` or `message`, as grpc-js handlers give to their callback.
 * An Error with a number for a code and no `details` is some library's own.
 */
export function statusOfError(error: unknown): StatusObject | undefined {
  if (error instanceof RpcError) return error.code === Status.OK ? undefined : normalStatus(error);
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const { code } = error;
  if (typeof code !== "number" || !Number.isInteger(code) || code < 1 || code > 16) return undefined;
  const details = detailsOf(error);
  if (details === undefined) return undefined;
  const metadata = "metadata" in error && error.metadata instanceof Metadata ? error.metadata : new Metadata();
  return { code, details, metadata };
}

function detailsOf(error: object): string | undefined {
  if ("details" in error && typeof error.details === "string") return error.details;
  if (error instanceof Error) return undefined;
  return "message" in error && typeof error.message === "string" ? error.message : undefined;
}
