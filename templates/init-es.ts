/** The init shape of a protobuf-es message. */
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";

declare const $Schema: DescMessage;

type $Init = MessageInitShape<typeof $Schema>;

/** Uses what the template declares, as generated code does. */
export type Use = $Init;
