import type { FileModel, MessageRef } from "../model/file-model.js";
import type { Place } from "../model/generate-error.js";
import { lowerFirst } from "../model/names/method-names.js";
import { NameScope } from "../model/names/name-scope.js";
import { reservedIdentifiers } from "../model/names/reserved.js";
import { templateNames } from "./compiled/reserved.js";
import type { LocalMessage, MessageFlavour, MessageNames } from "./message-flavour.js";

/** The names of one service in the generated file. */
export interface ServiceNames {
  readonly methods: string;
  readonly Service: string;
  readonly Client: string;
  readonly Handlers: string;
  readonly Unimplemented: string;
  /** Where the message library has the service's descriptor. */
  readonly descriptor: NamedDescriptor | undefined;
}

/** A service's descriptor: what this file's message module exports it as, and what it is called here. */
export interface NamedDescriptor {
  readonly exported: string;
  readonly local: string;
}

/** A message, and what it is called where it is declared and here. */
export interface NamedMessage {
  readonly ref: MessageRef;
  readonly exported: MessageNames;
  readonly local: LocalMessage;
}

export interface FileNames {
  /** In the order of the model. */
  readonly services: readonly ServiceNames[];
  /** By full type name. */
  readonly messages: ReadonlyMap<string, NamedMessage>;
}

/**
 * Names everything in a generated file's module scope. What users see comes first, so that it depends on the service's name
 * alone; then messages (this file's before imported ones), then internal names. Nothing gets the name of a global, an
 * import or a parameter of the templates. The names are the same whatever part of the stubs is asked for.
 */
export function fileNames(model: FileModel, flavour: MessageFlavour): FileNames {
  const scope = new NameScope([...reservedIdentifiers, ...templateNames, ...flavour.reserved]);
  const exported = model.services.map(({ name }) => ({
    Service: scope.claim(`${name}Service`),
    Client: scope.claim(`${name}Client`),
    Handlers: scope.claim(`${name}Handlers`),
    Unimplemented: scope.claim(`Unimplemented${name}`),
  }));
  const messages = nameMessages(model, flavour, scope);
  const descriptors = model.services.map(({ typeName }): NamedDescriptor | undefined => {
    const name = flavour.descriptor?.(typeName, model.source);
    return name === undefined ? undefined : { exported: name, local: scope.claim(name) };
  });
  const services = exported.map((names, index) => ({
    ...names,
    descriptor: descriptors[index],
    methods: scope.claim(lowerFirst(model.services[index]!.name)),
  }));
  return { services, messages };
}

function nameMessages(model: FileModel, flavour: MessageFlavour, scope: NameScope): Map<string, NamedMessage> {
  const used = new Map<string, { ref: MessageRef; place: Place }>();
  for (const { place, request, response } of model.services.flatMap(({ methods }) => methods)) {
    for (const ref of [request, response]) {
      if (!used.has(ref.typeName)) used.set(ref.typeName, { ref, place });
    }
  }
  const named = new Map<string, NamedMessage>();
  for (const source of model.sources) {
    for (const { typeName } of source.types) {
      const use = used.get(typeName);
      if (use?.ref.file !== source.path) continue;
      const { ref, place } = use;
      const names = flavour.names(ref, source, place);
      const shape = scope.claim(names.shape);
      // Some libraries give the type and the value one name.
      const value = names.value === names.shape ? shape : scope.claim(names.value);
      const init = scope.claim(`${names.shape}Init`);
      const codec = names.codec === undefined ? {} : { codec: scope.claim(names.codec) };
      named.set(typeName, { ref, exported: names, local: { shape, value, init, ...codec } });
    }
  }
  return named;
}
