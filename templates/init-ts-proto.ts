/** The init shape of a ts-proto message. */
import type { MessageInit, TsProtoMessage } from "gen-stubs-runtime/codec-ts-proto";

declare const $Schema: TsProtoMessage<unknown>;

type $Init = MessageInit<typeof $Schema>;

/** Uses what the template declares, as generated code does. */
export type Use = $Init;
