import type { Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import { messageOf, RpcError } from "../../core/rpc-error.js";
import * as Code from "../../core/status-code.js";
import type { ClientInterceptor } from "./interceptor.js";
import { type MetadataInit, toMetadata } from "./metadata-init.js";

/** What a {@link CallCredentials} function gets. */
export interface CredentialsRequest {
  /** The method that is called. */
  readonly method: AnyMethod;
  /** The authority of the call, `host:port`: the audience of a token. */
  readonly authority: string;
  /** Aborts when the call is over. */
  readonly signal: AbortSignal;
}

/**
 * Returns the credentials of a call as request metadata. It is called once for each call, so it should cache tokens. An error that it throws
 * ends the call: an RpcError as it is, an error of the network (with a system error's `code`, as ECONNREFUSED) with UNAVAILABLE,
 * anything else with UNAUTHENTICATED.
 */
export type CallCredentials = (request: CredentialsRequest) => Promise<MetadataInit> | MetadataInit;

/**
 * An interceptor that adds credentials. It refuses to send them where others can listen, unless `overPlainText` says that this
 * is wanted. A channel over a grpc-js Client of your own does not tell whether it is safe, and counts as one that is not.
 */
export function withCredentials(
  credentials: CallCredentials,
  options: { readonly overPlainText?: boolean | undefined } = {},
): ClientInterceptor {
  return async (call, next) => {
    if (call.origin?.secure !== true && options.overPlainText !== true) {
      const to = call.origin?.authority ?? "a server of unknown name";
      const details = `credentials are not sent in plain text (to ${to}); use https://, or credentialsOverPlainText`;
      throw new RpcError(Code.UNAUTHENTICATED, details);
    }
    call.metadata.merge(
      await ask(credentials, { method: call.method, authority: call.origin?.authority ?? "", signal: call.signal }),
    );
    await next();
  };
}

async function ask(credentials: CallCredentials, request: CredentialsRequest): Promise<Metadata> {
  try {
    return toMetadata(await credentials(request));
  } catch (cause) {
    if (cause instanceof RpcError) throw cause;
    const code = isSystemError(cause) ? Code.UNAVAILABLE : Code.UNAUTHENTICATED;
    throw new RpcError(code, `no credentials: ${messageOf(cause)}`, { cause });
  }
}

/** Node's errors of the network have a code in capitals; fetch puts them into the cause of its TypeError. */
function isSystemError(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  if ("code" in error && typeof error.code === "string" && /^(?:E[A-Z]+|UND_ERR_\w+)$/.test(error.code)) return true;
  return "cause" in error && isSystemError(error.cause);
}
