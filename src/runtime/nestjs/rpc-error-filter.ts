import { Catch, type RpcExceptionFilter } from "@nestjs/common";
import { type Observable, throwError } from "rxjs";
import { RpcError } from "../core/rpc-error.js";

/**
 * An exception filter: an RpcError that a handler, guard, pipe or interceptor throws is the status of the call, with its details and
 * metadata. Without it Nest takes it for an accident, "Internal server error". `@GrpcController` brings it; for others:
 * `app.useGlobalFilters(new RpcErrorFilter())`.
 */
export class RpcErrorFilter implements RpcExceptionFilter<RpcError, never> {
  /** Called by Nest. */
  catch(error: RpcError): Observable<never> {
    return throwError(() => error);
  }
}

// As `@Catch(RpcError)` above the class.
Catch(RpcError)(RpcErrorFilter);
