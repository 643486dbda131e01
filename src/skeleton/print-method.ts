import { commentText, doc } from "../emit/doc.js";
import type { Documented, MethodKind } from "../model/file-model.js";
import type { Layout } from "./layout.js";
import type { SkeletonMethod, SkeletonService } from "./skeleton-service.js";

/** What the types in a method's signature are called in the file. */
export interface SignatureNames {
  readonly request: string;
  readonly responseInit: string;
  /** `ServerCall`, `ServerWriter`, `ServerReader` or `ServerDuplex`. */
  readonly call: string;
  readonly RpcError: string;
  readonly status: string;
}

/** A class needs types; in an object they come from the interface it is declared with. */
export type Style = "class" | "object";

/** The runtime's type of a call, by kind. */
export const callTypes: Readonly<Record<MethodKind, string>> = {
  unary: "ServerCall",
  server_streaming: "ServerWriter",
  client_streaming: "ServerReader",
  bidi_streaming: "ServerDuplex",
};

const todo: Readonly<Record<MethodKind, string>> = {
  unary: "return the response.",
  server_streaming: "await call.send(…) for each message; the stream ends when this returns.",
  client_streaming: "for await (const message of call) …; then return the response.",
  bidi_streaming: "for await (const message of call) …; await call.send(…) as often as you like.",
};

/** By this an rpc's method is known again, whatever it is called and does. */
export function rpcTag(service: Pick<SkeletonService, "typeName">, rpc: string): string {
  return `Implements rpc ${service.typeName}.${rpc}`;
}

/**
 * The method of an rpc, with its comments, which answers UNIMPLEMENTED. Lines end in `\n`, and are indented by `margin` but for
 * the first. Parameters have an underscore until they are used, which is what `noUnusedParameters` and linters ask for.
 */
export function printMethod(
  service: Pick<SkeletonService, "typeName">,
  method: SkeletonMethod,
  names: SignatureNames,
  how: { readonly style: Style; readonly override: boolean; readonly margin: string; readonly layout: Layout },
): string {
  const { style, override, margin, layout } = how;
  const step = margin + layout.indent;
  const text = `${layout.quote}${service.typeName}.${method.name} is not implemented${layout.quote}`;
  return [
    documented(margin, method, [rpcTag(service, method.name)]),
    `${override ? "override " : ""}async ${signature(method, names, style)} {\n`,
    `${step}// TODO: ${todo[method.kind]}\n`,
    `${step}throw new ${names.RpcError}(${names.status}.UNIMPLEMENTED, ${text})${layout.semicolon}\n`,
    `${margin}}`,
  ].join("");
}

/** The comments of the schema, and what we have to say, as a doc comment. */
export function documented(margin: string, { comments, deprecated }: Documented, more: readonly string[]): string {
  const marks = deprecated ? ["", "@deprecated"] : [];
  return doc(margin, [...comments.map(commentText), "", ...more, ...marks]);
}

function signature({ localName, kind }: SkeletonMethod, names: SignatureNames, style: Style): string {
  const takesMessage = kind === "unary" || kind === "server_streaming";
  if (style === "object") return `${localName}(${takesMessage ? "_request, " : ""}_call)`;
  const call = {
    unary: names.call,
    server_streaming: `${names.call}<${names.responseInit}>`,
    client_streaming: `${names.call}<${names.request}, ${names.responseInit}>`,
    bidi_streaming: `${names.call}<${names.request}, ${names.responseInit}>`,
  }[kind];
  const result = kind === "unary" || kind === "client_streaming" ? names.responseInit : "void";
  return `${localName}(${takesMessage ? `_request: ${names.request}, ` : ""}_call: ${call}): Promise<${result}>`;
}
