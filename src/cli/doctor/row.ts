/** One thing that was looked at. */
export interface Row {
  readonly name: string;
  readonly text: string;
  /** `note`: not wrong, but perhaps not as expected. */
  readonly state: "fine" | "note" | "wrong";
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

export function fine(name: string, text: string): Row {
  return { name, text, state: "fine" };
}
