import { create } from "@bufbuild/protobuf";
import {
  Edition,
  type EnumDescriptorProto,
  EnumDescriptorProtoSchema,
  FeatureSet_EnumType,
} from "@bufbuild/protobuf/wkt";
import type { Random } from "./random.js";

export interface RandomEnum {
  readonly proto: EnumDescriptorProto;
  readonly closed: boolean;
}

/** One or two enums, open or closed as the edition has it. */
export function enumsOf(random: Random, edition: Edition): RandomEnum[] {
  return Array.from({ length: 1 + random.below(2) }, (_, i) => {
    const editions = edition >= Edition.EDITION_2023;
    const closed = edition === Edition.EDITION_PROTO2 || (editions && random.once(2));
    const first = closed ? random.pick([0, 1, 10, -3]) : 0;
    const numbers = [first, first + 1, 200, -5].slice(0, 1 + random.below(4));
    const options = editions
      ? { features: { enumType: closed ? FeatureSet_EnumType.CLOSED : FeatureSet_EnumType.OPEN } }
      : {};
    const value = numbers.map((number, k) => ({ name: `E${i}_V${k}`, number }));
    return { proto: create(EnumDescriptorProtoSchema, { name: `E${i}`, value, options }), closed };
  });
}
