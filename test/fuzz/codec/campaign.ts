import { fromBinary, toJsonString } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { outcome } from "../../codec/support/outcome.js";
import { type CodecOf, judge, type Subject } from "./judge.js";
import { Random } from "./random.js";
import { type RandomSchema, randomSchema } from "./schema.js";
import { mutated, randomBytes } from "./wire.js";

/** Inputs with one schema. */
const perSchema = 200;

export interface Verdict {
  /** How many inputs were messages: the others are refused alike. */
  readonly accepted: number;
  /** What differs, with the schema and the bytes. */
  readonly failure: string | undefined;
}

/** Runs so many inputs, as settled by the seed, up to the first that differs. */
export function campaign(codecsOf: (schema: RandomSchema) => CodecOf, seed: number, runs: number): Verdict {
  let accepted = 0;
  for (let done = 0; done < runs; done += perSchema) {
    const schemaSeed = (seed * 1_000_003 + done) | 0;
    const random = new Random(schemaSeed);
    const schema = randomSchema(random);
    const codecOf = codecsOf(schema);
    for (let i = Math.min(perSchema, runs - done); i > 0; i--) {
      const desc = random.pick(schema.messages);
      const valid = randomBytes(random, desc);
      const bytes = random.once(2) ? mutated(random, valid) : valid;
      const subject = { desc, extensions: schema.extensions };
      const inputSeed = random.word();
      const verdict = judge(codecOf, subject, bytes, new Random(inputSeed));
      if (verdict !== undefined)
        return { accepted, failure: report(codecOf, schema, subject, bytes, inputSeed, schemaSeed) };
      if ("returned" in outcome(() => fromBinary(desc, bytes))) accepted++;
    }
  }
  return { accepted, failure: undefined };
}

function report(
  codecOf: CodecOf,
  { file, registry }: RandomSchema,
  subject: Subject,
  bytes: Uint8Array,
  inputSeed: number,
  schemaSeed: number,
): string {
  const differs = (candidate: Uint8Array) => judge(codecOf, subject, candidate, new Random(inputSeed));
  const short = shortest(bytes, (candidate) => differs(candidate) !== undefined);
  return [
    `${subject.desc.typeName}: ${differs(short)}`,
    `schema seed ${schemaSeed}, bytes ${Buffer.from(short).toString("hex")} (values of seed ${inputSeed})`,
    toJsonString(FileDescriptorProtoSchema, file, { registry }),
  ].join("\n");
}

/** Leaves bytes out as long as it still fails. */
function shortest(bytes: Uint8Array, fails: (bytes: Uint8Array) => boolean): Uint8Array {
  let best = bytes;
  for (let size = best.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at + size <= best.length; ) {
      const candidate = Uint8Array.from([...best.subarray(0, at), ...best.subarray(at + size)]);
      if (fails(candidate)) best = candidate;
      else at += size;
    }
  }
  return best;
}
