import { Item } from "./gen/ts-proto/bench.js";

/** Length of an item without payload, and of the frame of the payload field: tag and two or three bytes of length. */
const bare = 20;

const items = new Map<number, Item>();
const encodedItems = new Map<number, Buffer>();

/** An item that takes `size` bytes on the wire (20 at least; a few more or less otherwise). The same object each time. */
export function itemOf(size: number): Item {
  let item = items.get(size);
  if (item === undefined) {
    const payload = Buffer.alloc(size <= bare ? 0 : size - bare - 3, "payload ");
    item = { id: 123_456, word: "items", value: 1.5, payload };
    items.set(size, item);
  }
  return item;
}

/** The same, encoded. */
export function encodedItemOf(size: number): Buffer {
  let bytes = encodedItems.get(size);
  if (bytes === undefined) {
    bytes = Buffer.from(Item.encode(itemOf(size)).finish());
    encodedItems.set(size, bytes);
  }
  return bytes;
}
