const MAX_WEIGHT = 65_535;

/**
 * A sequence of indexes in which each appears by its weight, spread evenly (gRFC A58, "static stride scheduler"). Weights are scaled to
 * the largest; where all are 0, all are equal.
 */
export class StaticStride {
  readonly #weights: readonly number[];
  #sequence: number;

  /** @param first where the sequence begins: an index */
  constructor(weights: readonly number[], first = 0) {
    const largest = Math.max(...weights);
    this.#weights = weights.map((weight) => {
      if (largest === 0) return MAX_WEIGHT;
      return weight === 0 ? 0 : Math.max(1, Math.round((weight / largest) * MAX_WEIGHT));
    });
    this.#sequence = first;
  }

  next(): number {
    const size = this.#weights.length;
    for (;;) {
      const index = this.#sequence % size;
      const generation = Math.floor(this.#sequence / size);
      this.#sequence = (this.#sequence + 1) % 0x1_0000_0000;
      const weight = this.#weights[index]!; // within
      // Each is passed over in all generations but its share of them; the largest in none, so that the loop ends; 0 in all.
      const offset = (MAX_WEIGHT / 2) * (index % 2);
      const remainder = (weight * generation + Math.floor(offset)) % MAX_WEIGHT;
      if (remainder >= MAX_WEIGHT - weight) return index;
    }
  }
}
