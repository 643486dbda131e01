import type { Documented, MethodModel, ServiceModel } from "../model/file-model.js";
import { commentText } from "./doc.js";
import type { FileContext } from "./emit-file.js";
import type { ServiceNames } from "./file-names.js";
import type { Block, MethodBinding, ServiceBinding } from "./template.js";
import { templatesFor } from "./templates-for.js";

/** The stubs of one service, from the templates. */
export function emitService(service: ServiceModel, names: ServiceNames, context: FileContext): string {
  const { client, server } = context.options;
  const { service: templates, "empty-service": empty } = templatesFor(context.target);
  const bound: ServiceBinding = { ...names, typeName: service.typeName, ...documentation(service) };
  const blocks = [
    server || service.methods.length > 0 ? templates.methods : undefined,
    server ? templates.Service : undefined,
    client ? (service.methods.length === 0 ? empty : templates).Client : undefined,
    server ? templates.Handlers : undefined,
    server ? templates.Unimplemented : undefined,
  ];
  return blocks
    .filter((block) => block !== undefined)
    .map((block) => emitBlock(block, bound, service, context))
    .join("\n\n");
}

function emitBlock(
  { open, members }: Block<ServiceBinding>,
  bound: ServiceBinding,
  service: ServiceModel,
  context: FileContext,
): string {
  context.usePackages(open.imports);
  const opening = open.text(bound);
  if (members === undefined) return opening;
  if (service.methods.length === 0) return `${opening}${members.empty}`;
  const texts = service.methods.map((method) => {
    const fragment = members.of[method.kind];
    context.usePackages(fragment.imports);
    return fragment.text(bindMethod(method, bound, new Set(fragment.uses), context));
  });
  return `${opening}${members.gap}${texts.join(members.separator)}${members.close}`;
}

/** `uses`: the placeholders of the fragment. Only what is used is imported. */
function bindMethod(
  method: MethodModel,
  service: ServiceBinding,
  uses: ReadonlySet<string>,
  context: FileContext,
): MethodBinding {
  const request = context.message(method.request.typeName);
  const response = context.message(method.response.typeName);
  if (uses.has("Request")) context.useShape(request);
  if (uses.has("Response")) context.useShape(response);
  if (uses.has("RequestInit")) context.useInit(request);
  if (uses.has("ResponseInit")) context.useInit(response);
  return {
    ...service,
    // In an interface, `new(…)` would be a construct signature.
    key: method.localName === "new" ? '"new"' : method.localName,
    name: method.localName,
    path: method.path,
    rpc: `${service.typeName}.${method.name}`,
    Request: request.local.shape,
    RequestInit: request.local.init,
    requestCodec: uses.has("requestCodec") ? context.useCodec(request) : "",
    Response: response.local.shape,
    ResponseInit: response.local.init,
    responseCodec: uses.has("responseCodec") ? context.useCodec(response) : "",
    ...documentation(method),
  };
}

function documentation({ comments, deprecated }: Documented): Pick<ServiceBinding, "comments" | "deprecated"> {
  return { comments: comments.map(commentText), deprecated: deprecated ? ["@deprecated"] : [] };
}
