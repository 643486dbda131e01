import { type BytesValue, BytesValueSchema } from "@bufbuild/protobuf/wkt";
import { es } from "../../src/runtime/codec-es.js";
import {
  clientStreaming,
  type OneResponse,
  type ServerCall,
  type ServerReader,
  type Service,
  service,
  unary,
} from "../../src/runtime/codegen-v1.js";

type BytesInit = { value: Uint8Array };

/** `Echo` answers with 16 KB, whatever it is asked. `Idle` never reads, and ends a second after its client did. */
export const methods = {
  echo: unary("/hostile.v1.Hostile/Echo", es(BytesValueSchema), es(BytesValueSchema)),
  idle: clientStreaming("/hostile.v1.Hostile/Idle", es(BytesValueSchema), es(BytesValueSchema)),
};

export interface HostileHandlers {
  echo(request: BytesValue, call: ServerCall): BytesInit;
  idle(call: ServerReader<BytesValue, BytesInit>): OneResponse<BytesInit>;
}

export const HostileService: Service<HostileHandlers> = service("hostile.v1.Hostile", methods);

export const ANSWER_BYTES: number = 16 * 1024;
