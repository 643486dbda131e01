import { type Address, type AddressFacts, addressName, type SocketAddress } from "../../transport/routing.js";

/** Each address once, as it came first. */
export function withoutDuplicates<Some extends Address>(addresses: readonly Some[]): Some[] {
  const seen = new Set<string>();
  return addresses.filter((address) => {
    const name = addressName(address);
    return !seen.has(name) && seen.add(name);
  });
}

/**
 * In an order of chance (gRFC A62): each is the first as often as its weight says, 1 where it says nothing, and so on for those behind it
 * (gRFC A113: by the keys u^(1/weight), the largest first).
 */
export function shuffled<Item extends AddressFacts>(items: readonly Item[], random: () => number): Item[] {
  const keyed = items.map((item) => ({ item, key: random() ** (1 / (item.weight ?? 1)) }));
  return keyed.sort((one, other) => other.key - one.key).map(({ item }) => item);
}

/** One of each family in turn, beginning with the first address' own (RFC 8305, section 4; gRFC A61). */
export function interleaved(addresses: readonly SocketAddress[]): SocketAddress[] {
  const families = new Map<string, SocketAddress[]>();
  for (const address of addresses) {
    const family = familyOf(address);
    const members = families.get(family);
    if (members === undefined) families.set(family, [address]);
    else members.push(address);
  }
  const result: SocketAddress[] = [];
  for (let round = 0; result.length < addresses.length; round++) {
    for (const members of families.values()) if (round < members.length) result.push(members[round]!);
  }
  return result;
}

function familyOf(address: SocketAddress): "v6" | "v4" | "unix" {
  if ("path" in address) return "unix";
  return address.host.includes(":") ? "v6" : "v4";
}
