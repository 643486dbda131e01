/** Eight bytes in which numbers are converted. Protobuf is little-endian: the low word of a 64-bit number comes first. */
const scratch = new ArrayBuffer(8);

export const int64: BigInt64Array = new BigInt64Array(scratch);
export const uint64: BigUint64Array = new BigUint64Array(scratch);
export const int32Words: Int32Array = new Int32Array(scratch);
export const float64: Float64Array = new Float64Array(scratch);
export const float32: Float32Array = new Float32Array(scratch);

/** On a big-endian machine the words above would have the wrong byte order: there protobuf-es does everything. */
export const littleEndian: boolean = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
