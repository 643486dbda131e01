/** Writes bytes that are encoded already. */
export function writeBytes(bytes, into) {
    into.reserve(bytes.length);
    into.bytes.set(bytes, into.position);
    into.position += bytes.length;
}
