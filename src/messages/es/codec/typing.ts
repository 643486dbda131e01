/** The types in the text, which JavaScript has not. */
export interface Typing {
  /** `: Type` */
  of(type: string): string;
  /** ` as Type`; what is read may be a number that the enum does not know, which its type leaves out. */
  as(type: string): string;
  parameters(list: readonly (readonly [name: string, type: string])[]): string;
}

export const typescript: Typing = {
  of: (type) => `: ${type}`,
  as: (type) => ` as ${type}`,
  parameters: (list) => list.map(([name, type]) => `${name}: ${type}`).join(", "),
};

export const javascript: Typing = {
  of: () => "",
  as: () => "",
  parameters: (list) => list.map(([name]) => name).join(", "),
};
