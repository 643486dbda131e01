import { type Address, addressName } from "../../transport/routing.js";

/** Each address once, as it came first. */
export function withoutDuplicates(addresses: readonly Address[]): Address[] {
  const seen = new Set<string>();
  return addresses.filter((address) => {
    const name = addressName(address);
    return !seen.has(name) && seen.add(name);
  });
}

/** In an order of chance (gRFC A62, A113), each as likely as another. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const result = [...items];
  for (let end = result.length - 1; end > 0; end--) {
    const other = Math.floor(random() * (end + 1));
    [result[end], result[other]] = [result[other]!, result[end]!]; // both are within
  }
  return result;
}

/** One of each family in turn, beginning with the first address' own (RFC 8305, section 4; gRFC A61). */
export function interleaved(addresses: readonly Address[]): Address[] {
  const families = new Map<string, Address[]>();
  for (const address of addresses) {
    const family = familyOf(address);
    const members = families.get(family);
    if (members === undefined) families.set(family, [address]);
    else members.push(address);
  }
  const result: Address[] = [];
  for (let round = 0; result.length < addresses.length; round++) {
    for (const members of families.values()) if (round < members.length) result.push(members[round]!);
  }
  return result;
}

function familyOf(address: Address): "v6" | "v4" | "unix" {
  if ("path" in address) return "unix";
  return address.host.includes(":") ? "v6" : "v4";
}
