import { type BytesValue, BytesValueSchema, type Int32Value, Int32ValueSchema } from "@bufbuild/protobuf/wkt";
import { es } from "gen-stubs-runtime/codec-es";
import {
  type CallOptions,
  type Channel,
  type ClientReader,
  callServerStreaming,
  type ServerWriter,
  type Service,
  serverStreaming,
  service,
} from "gen-stubs-runtime/codegen-v1";
import { Random } from "../harness/random.js";

type Bytes = { readonly value: Uint8Array<ArrayBuffer> };

const methods = { events: serverStreaming("/torture.v1.Torture/Events", es(Int32ValueSchema), es(BytesValueSchema)) };

export interface TortureHandlers {
  /** The events behind the number that is asked for, to the last. */
  events(after: Int32Value, call: ServerWriter<Bytes>): Promise<void>;
}

export const TortureService: Service<TortureHandlers> = service("torture.v1.Torture", methods);

export function events(channel: Channel, after: number, options?: CallOptions): ClientReader<BytesValue> {
  return callServerStreaming(channel, methods.events, { value: after }, options);
}

/** The bytes of event `id`, from 1: its number, then what the number decides; most are small, one in a hundred has some KiB. */
export function eventBytes(id: number): Uint8Array<ArrayBuffer> {
  const random = new Random(id);
  const bytes = new Uint8Array(4 + (random.below(100) === 0 ? random.below(20_000) : random.below(300)));
  for (let at = 4; at < bytes.length; at++) bytes[at] = (id * 31 + at) & 255;
  new DataView(bytes.buffer).setUint32(0, id);
  return bytes;
}

export function eventId({ value }: BytesValue): number {
  return new DataView(value.buffer, value.byteOffset, value.length).getUint32(0);
}
