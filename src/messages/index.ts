import { es } from "./es/generator.js";
import type { MessageGenerator } from "./message-generator.js";
import { tsProto } from "./ts-proto/generator.js";

/** The generators that `--messages` offers, by name. */
export const messageGenerators: ReadonlyMap<string, MessageGenerator> = new Map(
  [es, tsProto].map((generator) => [generator.name, generator]),
);
