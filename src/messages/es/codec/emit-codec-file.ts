import type { DescFile, DescMessage } from "@bufbuild/protobuf";
import type { EmitOptions } from "../../../emit/emit-options.js";
import { header } from "../../../emit/header.js";
import { Imports } from "../../../emit/imports.js";
import { moduleText } from "../../../emit/js-module.js";
import { messageModule } from "../../../emit/message-module.js";
import { specifier } from "../../../emit/module-path.js";
import type { Target } from "../../../emit/template.js";
import type { FileModel, SourceFile } from "../../../model/file-model.js";
import { NameScope } from "../../../model/names/name-scope.js";
import { reservedIdentifiers } from "../../../model/names/reserved.js";
import { esNames } from "../names.js";
import { codecFileNames, codecNames } from "./codec-names.js";
import type { CodecScope, MessageFunctions } from "./field-text.js";
import { messagesOf, needsPrototype, shadowsObject } from "./message-kind.js";
import { readFunction } from "./read-function.js";
import { javascript, type Typing, typescript } from "./typing.js";
import { wrapCode } from "./wrap-code.js";
import { writeFunction } from "./write-function.js";

/** Where the codec file of a .proto file stands, from the output folder's root. */
export function codecModule(path: string): string {
  return `./${path.replace(/\.proto$/, "")}_codec.js`;
}

export interface CodecFileInput {
  readonly model: FileModel;
  readonly file: DescFile;
  /** The files that are generated in this run: their messages have codec files. */
  readonly generated: ReadonlySet<string>;
  source(path: string): SourceFile;
}

/**
 * The codecs of one file's messages, as plain functions; the same results as those of `es()`. `path`: where it will stand,
 * from the output folder's root.
 */
export function emitCodecFile(input: CodecFileInput, path: string, target: Target, options: EmitOptions): string {
  const names = new Namer(input, path, options);
  const typing = target === "js" ? javascript : typescript;
  const messages = messagesOf(input.file);
  const blocks = messages.map((message) =>
    target === "dts" ? declare(message, names) : define(message, names, typing),
  );
  const rooms = names.rooms();
  const body = [...(target === "dts" ? [] : rooms), ...blocks].map(wrapCode);
  return `${header(input.model, options.tsNocheck)}${moduleText(names.imports, body, target, options.jsImportStyle)}\n`;
}

function define(message: DescMessage, names: Namer, typing: Typing): string {
  const { codec } = names.exports(message);
  const schema = names.schema(message);
  names.use("EsCodec", true);
  const type = typing.of(`EsCodec<typeof ${schema}>`);
  const doc = `/** The codec of \`${message.typeName}\`. */\n`;
  if (shadowsObject(message)) {
    // A field is called like a property of every object.
    names.use("es");
    return `${doc}export const ${codec}${type} = /*@__PURE__*/ es(${schema});`;
  }
  const { read, write } = names.functions(message)!;
  const base = needsPrototype(message) ? names.base(message) : "";
  for (const name of ["generated", "readRare", "writeUnknownFields", ...(base === "" ? [] : ["baseOf"])])
    names.use(name);
  for (const name of ["Reader", "Writer", ...(base === "" ? [] : ["Base"])]) names.use(name, true);
  names.imports.add({ module: "@bufbuild/protobuf", name: "MessageInitShape", typeOnly: true });
  const parts = [
    ...(base === "" ? [] : [`let ${base}${typing.of(`Base<typeof ${schema}> | undefined`)};`]),
    `${doc}export const ${codec}${type} = /*@__PURE__*/ generated(${schema}, ${read}, ${write});`,
    readFunction(message, names, typing, base),
    writeFunction(message, names, typing, base),
  ];
  const text = parts.join("\n\n");
  for (const name of ["setOwn", "writeRare", "writeRareCase"]) if (text.includes(`${name}(`)) names.use(name);
  return text;
}

function declare(message: DescMessage, names: Namer): string {
  const { codec } = names.exports(message);
  const schema = names.schema(message);
  names.use("EsCodec", true);
  const lines = [
    `/** The codec of \`${message.typeName}\`. */`,
    `export declare const ${codec}: EsCodec<typeof ${schema}>;`,
  ];
  const functions = names.functions(message);
  if (functions === undefined) return lines.join("\n");
  names.use("Reader", true);
  names.use("Writer", true);
  names.imports.add({ module: "@bufbuild/protobuf", name: "MessageInitShape", typeOnly: true });
  const shape = names.shape(message);
  const read = `input: Reader, end: number, endTag: number, depth: number, held: ${shape} | undefined`;
  const write = `out: Writer, message: MessageInitShape<typeof ${schema}>, strict: boolean`;
  return [
    ...lines,
    `export declare function ${functions.read}(${read}): ${shape};`,
    `export declare function ${functions.write}(${write}): void;`,
  ].join("\n");
}

/** The names in one codec file: its own first, then imported ones as they are met. */
class Namer implements CodecScope {
  readonly imports = new Imports();
  readonly #scope = new NameScope([...reservedIdentifiers, ...codecFileNames]);
  readonly #locals = new Map<string, string>();
  readonly #rooms: string[] = [];

  readonly #input: CodecFileInput;
  readonly #path: string;
  readonly #options: EmitOptions;

  constructor(input: CodecFileInput, path: string, options: EmitOptions) {
    this.#input = input;
    this.#path = path;
    this.#options = options;
    const own = input.source(input.file.proto.name);
    const module = this.#messages(input.file);
    // In the order of `codecNames`, so that this file's exports have their own names here too.
    for (const { shape, value } of esNames(own).values()) {
      for (const name of [shape, value]) this.#local(`${module} ${name}`, name);
    }
    for (const { read, write, codec } of codecNames(own, esNames(own)).values()) {
      for (const name of [read, write, codec]) this.#scope.claim(name);
    }
  }

  use(name: string, typeOnly = false): void {
    this.imports.add({ module: "gen-stubs-runtime/codec-es-v1", name, typeOnly });
  }

  exports(message: DescMessage): { read: string; write: string; codec: string } {
    const source = this.#input.source(message.file.proto.name);
    return codecNames(source, esNames(source)).get(message.typeName)!;
  }

  functions(message: DescMessage): MessageFunctions | undefined {
    if (!this.#input.generated.has(message.file.proto.name) || shadowsObject(message)) return undefined;
    const { read, write } = this.exports(message);
    const { name } = message.file.proto;
    const isOwn = name === this.#input.file.proto.name;
    const module = specifier(codecModule(name), this.#path, this.#options.importExtension);
    const local = (exported: string) => (isOwn ? exported : this.#import(module, exported, false));
    const room = (): string => this.#room(message);
    return {
      read: local(read),
      write: local(write),
      // Declared where it is asked for.
      get room() {
        return room();
      },
    };
  }

  schema(message: DescMessage): string {
    return this.#import(this.#messages(message.file), this.#names(message).value, false);
  }

  shape(message: DescMessage): string {
    return this.#import(this.#messages(message.file), this.#names(message).shape, true);
  }

  base(message: DescMessage): string {
    return this.#local(`base ${message.typeName}`, `${lowerFirst(this.#names(message).shape)}Base`);
  }

  /** Declarations of what {@link functions} called rooms. */
  rooms(): string[] {
    if (this.#rooms.length === 0) return [];
    const lines = this.#rooms.map((name) => `let ${name} = 1;`);
    return [
      `// How many bytes the last length of a message took: the next one is likely to take as many.\n${lines.join("\n")}`,
    ];
  }

  #room(message: DescMessage): string {
    const key = `room ${message.typeName}`;
    const known = this.#locals.has(key);
    const name = this.#local(key, `${lowerFirst(this.#names(message).shape)}Room`);
    if (!known) this.#rooms.push(name);
    return name;
  }

  #names(message: DescMessage) {
    return esNames(this.#input.source(message.file.proto.name)).get(message.typeName)!;
  }

  #messages({ proto: { name: file } }: DescFile): string {
    return messageModule(this.#input.source(file), this.#path, this.#options);
  }

  #import(module: string, exported: string, typeOnly: boolean): string {
    const local = this.#local(`${module} ${exported}`, exported);
    this.imports.add({ module, name: exported, typeOnly }, local);
    return local;
  }

  #local(key: string, ideal: string): string {
    let name = this.#locals.get(key);
    if (name === undefined) {
      name = this.#scope.claim(ideal);
      this.#locals.set(key, name);
    }
    return name;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
