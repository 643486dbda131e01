import { Metadata, status } from "./metadata.js";
/**
 * The one error of a call, on both sides. `code` is always 1 to 16; `message` puts the code's name first:
 * `[NOT_FOUND] no such report`.
 */
export class RpcError extends Error {
    name = "RpcError";
    code;
    details;
    metadata;
    constructor(code, details = "", options = {}) {
        super(`[${status[code]}] ${details}`, "cause" in options ? { cause: options.cause } : undefined);
        this.code = code;
        this.details = details;
        this.metadata = options.metadata ?? new Metadata();
    }
    /** The error of a status that is not OK. */
    static fromStatus(status, cause) {
        const { code, details, metadata } = status;
        return new RpcError(code, details, cause === undefined ? { metadata } : { metadata, cause });
    }
}
/** The status with a code from 0 to 16: any other is UNKNOWN, as the gRPC specification asks (P11). */
export function normalStatus(given) {
    if (Number.isInteger(given.code) && given.code >= 0 && given.code <= 16)
        return given;
    const details = given.details === "" ? `the peer sent the unknown status ${given.code}` : given.details;
    return { code: status.UNKNOWN, details, metadata: given.metadata };
}
