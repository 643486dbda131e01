import type { FileScope } from "./add-imports.js";
import { withBreaks } from "./line-breaks.js";
import { callTypes, type SignatureNames, type Style } from "./print-method.js";
import type { SkeletonMessage, SkeletonMethod } from "./skeleton-service.js";
import type { TextEdits } from "./text-edits.js";
import type { UserFile } from "./user-file.js";

const runtime = "gen-stubs-runtime";

/** The types of methods' signatures: imported, or declared as the stubs declare them. */
export class SignatureTypes {
  readonly #file: UserFile;
  readonly #scope: FileScope;
  readonly #inits = new Map<string, string>();
  readonly #declared: string[] = [];

  constructor(file: UserFile, scope: FileScope) {
    this.#file = file;
    this.#scope = scope;
  }

  /** What the types of a method are called in this file. */
  of({ kind, request, response }: SkeletonMethod, style: Style): SignatureNames {
    const value = (name: string): string => this.#scope.use({ module: runtime, name, typeOnly: false });
    const errors = { RpcError: value("RpcError"), status: value("status") };
    if (style === "object") return { ...errors, request: "", responseInit: "", call: "" };
    return {
      ...errors,
      // In the order in which a reader meets them.
      request: this.#shape(request),
      call: this.#scope.use({ module: runtime, name: callTypes[kind], typeOnly: true }),
      responseInit: this.#init(response),
    };
  }

  #shape({ module, shape }: SkeletonMessage): string {
    return this.#scope.use({ module, name: shape, typeOnly: true });
  }

  /** `PointInit`: an alias that is there already, or a new one. */
  #init(message: SkeletonMessage): string {
    const key = `${message.module}\0${message.value}`;
    const known = this.#inits.get(key);
    if (known !== undefined) return known;
    const value = this.#scope.use({ module: message.module, name: message.value, typeOnly: true });
    const printed = message.init({ shape: message.shape, value, init: "$" });
    const type = printed.text.replace(/^type \$ = /, "").replace(/;$/, "");
    for (const { module, name } of printed.imports) this.#scope.use({ module, name, typeOnly: true });
    const there = this.#file.aliases.get(type.replace(/\s+/g, ""));
    const local = there?.name ?? this.#scope.claim(`${message.shape}Init`);
    if (there === undefined) this.#declared.push(`type ${local} = ${type}${this.#file.layout.semicolon}`);
    this.#inits.set(key, local);
    return local;
  }

  /** Adds imports and aliases: behind those there are, else at the top. */
  print(edits: TextEdits): void {
    const { imports, aliases, layout, start, text } = this.#file;
    const declarations = this.#scope.print(edits);
    const put = (at: number, added: string): void => edits.insert(at, withBreaks(added, layout.newline));
    const lastImport = imports.at(-1)?.end;
    const blocks = lastImport === undefined ? "" : declarations.map((one) => `\n${one}`).join("");
    if (blocks !== "") put(lastImport!, blocks);
    const lastAlias = Math.max(...[...aliases].filter(([type]) => isInit(type)).map(([, { end }]) => end));
    const own = this.#declared.join("\n");
    const head = lastImport === undefined ? declarations.join("\n") : "";
    if (own !== "" && Number.isFinite(lastAlias)) put(lastAlias, `\n${own}`);
    else if (own !== "" && lastImport !== undefined) put(lastImport, `\n\n${own}`);
    else if (own !== "" || head !== "") {
      const all = [head, own].filter((block) => block !== "").join("\n\n");
      put(start, text.slice(start).trim() === "" ? `${all}\n` : `${all}\n\n`);
      return;
    }
    if (head !== "") put(start, text.slice(start).trim() === "" ? `${head}\n` : `${head}\n\n`);
  }
}

function isInit(type: string): boolean {
  return /^MessageInit(?:Shape)?<typeof/.test(type);
}
