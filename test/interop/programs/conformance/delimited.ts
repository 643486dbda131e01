/** Messages on stdin and stdout, each after its length (4 bytes, big-endian). */
export async function* readDelimited(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let buffer = Buffer.alloc(0);
  for await (const chunk of input) {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= 4) {
      const end = 4 + buffer.readUInt32BE(0);
      if (buffer.length < end) break;
      yield buffer.subarray(4, end);
      buffer = buffer.subarray(end);
    }
  }
}

export function writeDelimited(bytes: Uint8Array): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  process.stdout.write(Buffer.concat([length, bytes]));
}
