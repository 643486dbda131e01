import { RpcError } from "../core/rpc-error.js";
/** A peer broke the protocol, or a limit was passed: ends the call with `code`. */
export class WireError extends RpcError {
    name = "WireError";
}
