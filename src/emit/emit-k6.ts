import type { FileModel, MessageRef, MethodModel, ServiceModel } from "../model/file-model.js";
import type { Place } from "../model/generate-error.js";
import { NameScope } from "../model/names/name-scope.js";
import { reservedIdentifiers } from "../model/names/reserved.js";
import { k6TemplateNames } from "./compiled/reserved.js";
import type { EmitOptions } from "./emit-options.js";
import { documentation } from "./emit-service.js";
import { header } from "./header.js";
import { Imports } from "./imports.js";
import { messageModule } from "./message-module.js";
import type { Block, K6MethodBinding, K6ServiceBinding, Target } from "./template.js";
import { templatesFor } from "./templates-for.js";
import { wrapLines } from "./wrap-lines.js";

/**
 * The k6 stubs of one file: classes over `k6/net/grpc`, with messages in the JSON shape that protoc-gen-es declares
 * (`json_types=true`). `path`: where it will stand, from the output folder's root.
 */
export function emitK6File(model: FileModel, path: string, target: Target, options: EmitOptions): string {
  const scope = new NameScope([...reservedIdentifiers, ...k6TemplateNames]);
  const classes = model.services.map(({ name }) => ({
    K6: scope.claim(`${name}K6`),
    K6Async: scope.claim(`${name}K6Async`),
  }));
  const imports = new Imports();
  const json = jsonTypes(model, path, options, scope, imports);
  const shared = { Reply: scope.claim("K6Response"), K6Stream: scope.claim("K6Stream") };
  const { Reply, K6Stream, K6, K6Async } = templatesFor(target).k6;

  const emit = (block: Block<K6ServiceBinding, K6MethodBinding> | undefined, bound: K6ServiceBinding, rpcs: Rpc[]) => {
    if (block === undefined) return [];
    const { open, members } = block;
    const used = [open, ...rpcs.flatMap(({ kind }) => members?.of[kind] ?? [])];
    for (const fragment of used) for (const one of fragment.imports) imports.add(one);
    const opening = open.text(bound);
    if (members === undefined) return [opening];
    if (rpcs.length === 0) return [`${opening}${members.empty}`];
    const texts = rpcs.map(({ kind, binding }) => members.of[kind].text(binding));
    return [wrapLines(`${opening}${members.gap}${texts.join(members.separator)}${members.close}`)];
  };

  const services = model.services.flatMap((service, index) => {
    const { typeName } = service;
    const bound: K6ServiceBinding = { typeName, ...shared, ...classes[index]!, ...documentation(service) };
    const rpcs = service.methods.map((method) => bind(method, service, bound, json));
    return [...emit(K6, bound, rpcs), ...emit(K6Async, bound, rpcs)];
  });
  const kinds = new Set(model.services.flatMap(({ methods }) => methods.map(({ kind }) => kind)));
  const any: K6ServiceBinding = { ...shared, K6: "", K6Async: "", typeName: "", comments: [], deprecated: [] };
  const types = [
    ...(kinds.has("unary") ? emit(asBlock(Reply), any, []) : []),
    ...([...kinds].some((kind) => kind !== "unary") ? emit(asBlock(K6Stream), any, []) : []),
  ];
  const blocks = [imports.print(target).trimEnd(), ...types, ...services].filter((block) => block !== "");
  return `${header(model, options.tsNocheck)}${blocks.join("\n\n")}\n`;
}

interface Rpc {
  readonly kind: MethodModel["kind"];
  readonly binding: K6MethodBinding;
}

function bind(method: MethodModel, service: ServiceModel, names: K6ServiceBinding, json: JsonType): Rpc {
  const { comments, deprecated } = documentation(method);
  const binding: K6MethodBinding = {
    name: method.localName,
    key: method.localName,
    path: method.path,
    rpc: `${service.typeName}.${method.name}`,
    Reply: names.Reply,
    K6Stream: names.K6Stream,
    RequestJson: json(method.request, method.place),
    ResponseJson: json(method.response, method.place),
    comments,
    deprecated,
  };
  return { kind: method.kind, binding };
}

/** Gives a message's JSON type its name in this file, and imports it. */
type JsonType = (message: MessageRef, place: Place) => string;

function jsonTypes(model: FileModel, path: string, options: EmitOptions, scope: NameScope, imports: Imports): JsonType {
  const sources = new Map(model.sources.map((source) => [source.path, source]));
  const known = new Map<string, string>();
  return (message, place) => {
    let local = known.get(message.typeName);
    if (local === undefined) {
      const source = sources.get(message.file)!;
      const name = `${options.flavour.names(message, source, place).shape}Json`;
      const module = messageModule(source, path, options);
      local = scope.claim(name);
      imports.add({ module, name, typeOnly: true }, local);
      known.set(message.typeName, local);
    }
    return local;
  };
}

/** A statement without members is the same for every kind of method binding. */
function asBlock(block: Block<K6ServiceBinding> | undefined): Block<K6ServiceBinding, K6MethodBinding> | undefined {
  return block === undefined ? undefined : { open: block.open };
}
