import type { Random } from "../../../harness/random.js";

const names = [
  ...[":method", ":path", ":status", ":authority", ":scheme", "te", "content-type", "user-agent", "authorization"],
  ...["cookie", "set-cookie", "accept-encoding", "grpc-status", "grpc-timeout", "grpc-message", "x-request-id", "date"],
];
const values = [
  ...["", "GET", "POST", "/", "/index.html", "200", "404", "http", "https", "trailers", "gzip, deflate", "0", "1"],
  ...["application/grpc", "grpc-go/1.83.1", "identity,gzip", "/shop.v1.Orders/List", "orders.internal:50051"],
];

/** A list of up to a dozen headers: most of it comes again, some is of any bytes, some is long. */
export function randomList(random: Random): string[] {
  const list: string[] = [];
  for (let pairs = random.below(13); pairs > 0; pairs--) list.push(randomName(random), randomValue(random));
  return list;
}

function randomName(random: Random): string {
  const kind = random.below(16);
  if (kind < 12) return random.pick(names);
  if (kind < 15) return `x-${random.below(300)}`;
  // Not as a sensitive one is marked for the peer.
  return `.${anyBytes(random, 20)}`;
}

function randomValue(random: Random): string {
  const kind = random.below(64);
  if (kind < 36) return random.pick(values);
  if (kind < 52) return String(random.below(2000));
  if (kind < 62) return anyBytes(random, 60);
  return "x".repeat(random.below(kind === 62 ? 300 : 6000));
}

function anyBytes(random: Random, maxLength: number): string {
  let text = "";
  for (let length = random.below(maxLength + 1); length > 0; length--) text += String.fromCharCode(random.below(256));
  return text;
}

/** A few bytes of the block changed, removed, added or cut off. */
export function changedBlock(random: Random, block: Uint8Array): Uint8Array {
  const bytes = [...block];
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const at = random.below(bytes.length + 1);
    const kind = random.below(4);
    if (kind === 0) bytes.splice(at, 1, random.below(256));
    else if (kind === 1) bytes.splice(at, 0, random.below(256));
    else if (kind === 2) bytes.splice(at, 1 + random.below(3));
    else bytes.length = at;
  }
  return Uint8Array.from(bytes);
}
