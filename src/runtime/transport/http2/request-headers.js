import { ACCEPT_ENCODING } from "../../wire/compression.js";
import { formatTimeout } from "../../wire/grpc-timeout.js";
import { putMetadata } from "../../wire/metadata-headers.js";
/** The headers of a request, in the order the specification gives them (gRPC over HTTP/2, "Request-Headers"). */
export function requestHeaders(path, options, origin) {
    const headers = {
        ":method": "POST",
        ":scheme": origin.scheme,
        ":path": path,
        ":authority": origin.authority,
        te: "trailers",
        "content-type": "application/grpc",
        "user-agent": origin.userAgent,
        "grpc-accept-encoding": ACCEPT_ENCODING,
    };
    if (options.deadline !== Number.POSITIVE_INFINITY)
        headers["grpc-timeout"] = formatTimeout(options.deadline - Date.now());
    if (options.compression !== "identity")
        headers["grpc-encoding"] = options.compression;
    putMetadata(options.metadata, headers);
    return headers;
}
