import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { create, type DescMethod, fromJson, type JsonValue, type Message, toJson } from "@bufbuild/protobuf";
import type { ClientInterceptor } from "../call/client/interceptor.js";
import type { AnyMethod } from "../core/method.js";
import { RpcError } from "../core/rpc-error.js";
import type { Service } from "../core/service.js";
import { status } from "../core/status.js";
import { type Fake, fake } from "./fake.js";

/** One line of a recording. */
interface Line {
  readonly method: string;
  readonly requests: readonly JsonValue[];
  readonly responses: readonly JsonValue[];
  readonly code: keyof typeof status;
  readonly details?: string;
}

/**
 * Writes what real calls ask and get to a file, a line of JSON for each call in the order of their ends: protobuf's own JSON,
 * without times, ports and metadata, so that a recording can be a snapshot. For messages of protobuf-es.
 *
 * @param file is emptied first
 */
export function recordTo(file: string): ClientInterceptor {
  writeFileSync(file, "");
  return async (call, next) => {
    const { input, output } = descriptorOf(call.method);
    const requests: JsonValue[] = [];
    const responses: JsonValue[] = [];
    const { code, details } = await next({
      sent: (message) => void requests.push(toJson(input, create(input, message as Record<string, unknown>))),
      received: (message) => void responses.push(toJson(output, message as Message)),
    });
    const said = details === "" ? {} : { details };
    const line = { method: call.method.path, requests, responses, code: status[code], ...said };
    appendFileSync(file, `${JSON.stringify(line)}\n`);
  };
}

/**
 * A fake that answers by a recording: each method's calls in the order of the file, whatever they ask. A call too many is
 * OUT_OF_RANGE.
 */
export function replayFrom<Handlers extends object>(file: string, service: Service<Handlers>): Fake<Handlers> {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map(parse);
  const handlers: Record<string, unknown> = Object.create(null);
  for (const [name, method] of service.methods) {
    const own = lines.filter((line) => line.method === method.path);
    const { output } = descriptorOf(method);
    const one = method.kind === "unary" || method.kind === "client_streaming";
    handlers[name] = async () => {
      const line = own.shift();
      if (line === undefined) throw new RpcError(status.OUT_OF_RANGE, `${file} has no further call of ${method.path}`);
      const responses = line.responses.map((json) => fromJson(output, json));
      if (!one) return play(responses, line);
      ended(line);
      return responses[0];
    };
  }
  return fake(service, handlers as Partial<Handlers>); // by the service's own names

  function parse(text: string, index: number): Line {
    try {
      return JSON.parse(text) as Line; // what recordTo writes
    } catch (cause) {
      throw new TypeError(`${file}:${index + 1}: not a line of a recording`, { cause });
    }
  }
}

async function* play(responses: readonly unknown[], line: Line): AsyncGenerator<unknown> {
  yield* responses;
  ended(line);
}

function ended({ code, details }: Line): void {
  const number = status[code];
  if (typeof number === "number" && number !== status.OK) throw new RpcError(number, details);
}

function descriptorOf(method: AnyMethod): DescMethod {
  if (method.descriptor !== undefined) return method.descriptor as DescMethod; // told by shape in core, and this it is
  throw new TypeError(`${method.path} has no descriptor: recordings are for messages of protobuf-es`);
}
