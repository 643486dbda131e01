/**
 * `grpc-message` is percent-encoded UTF-8: bytes other than space to `~`, and `%` itself, are escaped (gRPC over HTTP/2,
 * "Status-Message").
 */
export function encodeGrpcMessage(text) {
    if (/^[ -$&-~]*$/.test(text))
        return text;
    let out = "";
    for (const byte of Buffer.from(text, "utf8")) {
        out += byte >= 0x20 && byte <= 0x7e && byte !== 0x25 ? String.fromCharCode(byte) : percentEncode(byte);
    }
    return out;
}
/** Never fails: an escape that is none is left as it stands, as the specification asks. */
export function decodeGrpcMessage(header) {
    if (!header.includes("%"))
        return header;
    const raw = Buffer.from(header, "utf8");
    const out = Buffer.allocUnsafe(raw.length);
    let length = 0;
    for (let at = 0; at < raw.length; at++) {
        const hex = raw[at] === 0x25 ? raw.toString("latin1", at + 1, at + 3) : "";
        if (/^[0-9a-fA-F]{2}$/.test(hex)) {
            out[length++] = Number.parseInt(hex, 16);
            at += 2;
        }
        else {
            out[length++] = raw[at];
        }
    }
    return out.toString("utf8", 0, length);
}
function percentEncode(byte) {
    return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
}
