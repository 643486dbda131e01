import type { Documented, MethodKind, MethodModel, ServiceModel } from "../model/file-model.js";
import { commentText } from "./doc.js";
import type { FileContext } from "./file-context.js";
import type { NamedMessage, ServiceNames } from "./file-names.js";
import { quote } from "./quote.js";
import type { Block, MethodBinding, ServiceBinding } from "./template.js";
import { templatesFor } from "./templates-for.js";
import { wrapLines } from "./wrap-lines.js";

/** The stubs of one service, from the templates. */
export function emitService(service: ServiceModel, names: ServiceNames, context: FileContext): string {
  const { client, server } = context.options;
  const { service: templates, "described-service": described, "empty-service": empty } = templatesFor(context.target);
  const { descriptor } = names;
  const own = descriptor === undefined ? templates : described;
  const bound: ServiceBinding = {
    ...names,
    Descriptor: descriptor?.local ?? "",
    typeName: service.typeName,
    ...documentation(service),
  };
  const methods = service.methods.map((method) => bindMethod(method, service, names, context));
  const blocks = [
    server || methods.length > 0 ? own.methods : undefined,
    server ? own.Service : undefined,
    client ? (methods.length === 0 ? empty : templates).Client : undefined,
    server ? templates.Handlers : undefined,
    server ? templates.Unimplemented : undefined,
  ];
  return blocks
    .filter((block) => block !== undefined)
    .map((block) => wrapLines(emitBlock(block, bound, names, methods, context)))
    .join("\n\n");
}

function emitBlock(
  { open, members }: Block<ServiceBinding>,
  service: ServiceBinding,
  { descriptor }: ServiceNames,
  methods: readonly BoundMethod[],
  context: FileContext,
): string {
  context.usePackages(open.imports);
  if (descriptor !== undefined && open.uses.includes("Descriptor")) context.useDescriptor(descriptor);
  const opening = open.text(service);
  if (members === undefined) return opening;
  if (methods.length === 0) return `${opening}${members.empty}`;
  const texts = methods.map(({ kind, request, response, binding }) => {
    const fragment = members.of[kind];
    context.usePackages(fragment.imports);
    for (const use of fragment.uses) {
      uses.get(use)?.(context, request, response);
    }
    return fragment.text(binding);
  });
  return `${opening}${members.gap}${texts.join(members.separator)}${members.close}`;
}

/** What a placeholder in a fragment makes the file need. */
const uses: ReadonlyMap<string, (context: FileContext, request: NamedMessage, response: NamedMessage) => void> =
  new Map([
    ["Request", (context, request) => context.useShape(request)],
    ["Response", (context, _, response) => context.useShape(response)],
    ["RequestInit", (context, request) => context.useInit(request)],
    ["ResponseInit", (context, _, response) => context.useInit(response)],
    ["requestCodec", (context, request) => context.useCodec(request)],
    ["responseCodec", (context, _, response) => context.useCodec(response)],
  ]);

interface BoundMethod {
  readonly kind: MethodKind;
  readonly request: NamedMessage;
  readonly response: NamedMessage;
  readonly binding: MethodBinding;
}

function bindMethod(
  method: MethodModel,
  service: ServiceModel,
  names: ServiceNames,
  { message, options }: FileContext,
): BoundMethod {
  const request = message(method.request.typeName);
  const response = message(method.response.typeName);
  const { comments, deprecated } = documentation(method);
  // Where there is a descriptor, it says so itself. Else it is one more argument, behind the response's codec.
  const tells = names.descriptor === undefined && method.idempotency !== undefined;
  const idempotency = tells ? `, ${quote(method.idempotency)}` : "";
  const binding: MethodBinding = {
    methods: names.methods,
    // In an interface, `new(…)` would be a construct signature.
    key: method.localName === "new" ? '"new"' : method.localName,
    name: method.localName,
    path: method.path,
    rpc: `${service.typeName}.${method.name}`,
    Request: request.local.shape,
    RequestInit: request.local.init,
    requestCodec: options.flavour.codec(request.local, request.ref).text,
    Response: response.local.shape,
    ResponseInit: response.local.init,
    responseCodec: `${options.flavour.codec(response.local, response.ref).text}${idempotency}`,
    comments,
    deprecated,
  };
  return { kind: method.kind, request, response, binding };
}

/** The doc comment of an element, for a template. */
export function documentation({ comments, deprecated }: Documented): Pick<ServiceBinding, "comments" | "deprecated"> {
  return { comments: comments.map(commentText), deprecated: deprecated ? ["@deprecated"] : [] };
}
