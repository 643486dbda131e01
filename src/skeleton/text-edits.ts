/** Additions to a text, which is otherwise left as it is, byte for byte. */
export class TextEdits {
  readonly #edits: { readonly at: number; readonly end: number; readonly text: string }[] = [];

  /** Inserts at an offset; what is inserted at the same offset keeps the order of the calls. */
  insert(at: number, text: string): void {
    this.#edits.push({ at, end: at, text });
  }

  /** Removes what an earlier run has put there. */
  remove(at: number, end: number): void {
    this.#edits.push({ at, end, text: "" });
  }

  get empty(): boolean {
    return this.#edits.length === 0;
  }

  apply(text: string): string {
    const parts: string[] = [];
    let at = 0;
    for (const edit of this.#edits.toSorted((a, b) => a.at - b.at)) {
      parts.push(text.slice(at, edit.at), edit.text);
      at = edit.end;
    }
    return [...parts, text.slice(at)].join("");
  }
}
