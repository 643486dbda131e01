/** A buffer as ECMAScript 2024 has it, and TypeScript's library for that; Node has `transfer` from version 22 on. */
export type MovableBuffer = ArrayBuffer & {
  /** https://tc39.es/ecma262/#sec-arraybuffer.prototype.transfer */
  transfer?(newLength?: number): ArrayBuffer;
  readonly resizable?: boolean;
};
