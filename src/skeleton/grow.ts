import { GenStubsError } from "../errors/gen-stubs-error.js";
import { lowerFirst } from "../model/names/method-names.js";
import { FileScope } from "./add-imports.js";
import { withBreaks } from "./line-breaks.js";
import { insertMembers, markRemoved } from "./place-members.js";
import { documented, printMethod, rpcTag, type Style } from "./print-method.js";
import type { Target } from "./read-target.js";
import { referencesTo } from "./references.js";
import { SignatureTypes } from "./signature-types.js";
import type { SkeletonMethod, SkeletonService } from "./skeleton-service.js";
import { TextEdits } from "./text-edits.js";
import { readUserFile, type UserFile } from "./user-file.js";

/** What has become, or would become, of a skeleton's file. */
export interface Grown {
  readonly text: string;
  /** `class WeatherImplementation` */
  readonly target: string;
  /** Whether class or object were made. */
  readonly created: boolean;
  /** Names of the methods that were added. */
  readonly added: readonly string[];
  /** Names of methods whose rpc is gone, and that had no mark of it yet. */
  readonly removed: readonly string[];
}

/**
 * Adds to a file what a service has and its class or object lacks: methods in their place, the imports and types they need.
 * Nothing else changes, byte for byte. Where nothing implements the service yet, a class (or object) is added behind the rest.
 *
 * @param text what is in the file; `undefined` where there is none
 * @param shown what errors call the file
 * @throws GenStubsError GS7001 where the file does not parse, GS7004 where it cannot be told what is missing
 */
export function growSkeleton(
  service: SkeletonService,
  text: string | undefined,
  { style, shown }: { readonly style: Style; readonly shown: string },
): Grown {
  const mark = text?.startsWith("\uFEFF") === true ? "\uFEFF" : "";
  const file = readUserFile((text ?? "").slice(mark.length), shown);
  const target = targetOf(file, service, shown);
  const edits = new TextEdits();
  const scope = new FileScope(file);
  const report =
    target === undefined ? create(service, style, file, scope, edits) : extend(service, target, file, scope, edits);
  return { ...report, text: edits.empty ? (text ?? "") : mark + edits.apply(file.text) };
}

type Report = Omit<Grown, "text">;

function targetOf(file: UserFile, service: SkeletonService, shown: string): Target | undefined {
  const [target, another] = file.targets(referencesTo(service, file.imports));
  if (target === undefined) return undefined;
  if (another !== undefined) {
    throw new GenStubsError({
      code: "GS7004",
      message: `both ${target.shown} and ${another.shown} (line ${another.line}) implement ${service.typeName}`,
      file: shown,
      line: target.line,
      column: target.column,
      hint: "keep one of the two in this file",
    });
  }
  const present = new Set(target.members.map(({ name }) => name));
  const missing = service.methods.filter(({ localName }) => !present.has(localName));
  if (target.unseen !== undefined && missing.length > 0) {
    throw new GenStubsError({
      code: "GS7004",
      message: `${target.shown} has no ${missing.map(({ localName }) => localName).join(", ")}; ${target.unseen} may bring them, which cannot be told from this file`,
      file: shown,
      line: target.line,
      column: target.column,
      hint: "add the methods by hand: what was added here would override what they do",
    });
  }
  return target;
}

function extend(service: SkeletonService, target: Target, file: UserFile, scope: FileScope, edits: TextEdits): Report {
  const present = new Map(target.members.map((member) => [member.name, member]));
  const missing = service.methods.filter(({ localName }) => !present.has(localName));
  const types = new SignatureTypes(file, scope);
  const print = (method: SkeletonMethod, margin: string): string =>
    printMethod(service, method, types.of(method, target.style), {
      style: target.style,
      override: target.overrides,
      margin,
      layout: file.layout,
    });
  const order = service.methods.map((method) => ({
    name: method.localName,
    print: present.has(method.localName) ? undefined : (margin: string) => print(method, margin),
  }));
  insertMembers(order, target, file, edits);
  types.print(edits);
  const rpcs = new Set(service.methods.map(({ name }) => rpcTag(service, name)));
  const removed = markRemoved({ service, rpcs, target, file, edits });
  return { target: target.shown, created: false, added: missing.map(({ localName }) => localName), removed };
}

function create(service: SkeletonService, style: Style, file: UserFile, scope: FileScope, edits: TextEdits): Report {
  const { layout, text } = file;
  const { Handlers, Service } = service.exported;
  const name = scope.claim(style === "class" ? `${service.name}Implementation` : lowerFirst(service.name));
  const types = new SignatureTypes(file, scope);
  const handlers = scope.use({ module: service.stubs, name: Handlers, typeOnly: true });
  const methods = service.methods.map((method) =>
    printMethod(service, method, types.of(method, style), { style, override: false, margin: layout.indent, layout }),
  );
  const use = style === "class" ? `new ${name}()` : name;
  const comment = documented("", service, [`Implements \`${service.typeName}\`: \`server.add(${Service}, ${use})\`.`]);
  const open = style === "class" ? `class ${name} implements ${handlers}` : `const ${name}: ${handlers} =`;
  const [between, last, end] = style === "class" ? ["\n\n", "\n", ""] : [",\n\n", ",\n", layout.semicolon];
  const body = methods.length === 0 ? "" : `\n${methods.map((one) => layout.indent + one).join(between)}${last}`;
  const declared = `${comment}export ${open} {${body}}${end}\n`;
  types.print(edits);
  const gap = text.trim() === "" ? "" : /\n$/.test(text) ? "\n" : "\n\n";
  const afterImports = text.trim() === "" && !edits.empty ? "\n" : gap;
  edits.insert(text.length, withBreaks(afterImports + declared, layout.newline));
  return {
    target: `${style === "class" ? "class" : "const"} ${name}`,
    created: true,
    added: service.methods.map(({ localName }) => localName),
    removed: [],
  };
}
