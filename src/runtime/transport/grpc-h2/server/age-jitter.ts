/** An age, a tenth more or less by chance (gRFC A9), so that connections made together do not all come back together. */
export function withJitter(ageMs: number, random: () => number = Math.random): number {
  return ageMs * (0.9 + 0.2 * random());
}
