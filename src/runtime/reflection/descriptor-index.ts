import type { DescExtension, DescFile, DescMessage } from "@bufbuild/protobuf";

/** Finds files by name, by what they define and by the extensions they declare. */
export class DescriptorIndex {
  /** The full names of the services in the files that were added, without those in their imports. */
  readonly services: string[] = [];
  readonly #files = new Map<string, DescFile>();
  readonly #symbols = new Map<string, DescFile>();
  /** By the extended message's full name, then by number. */
  readonly #extensions = new Map<string, Map<number, DescFile>>();

  /** Adds a file and its imports. A file whose name is known already is ignored. */
  add(file: DescFile): void {
    for (const { typeName } of file.services) if (!this.services.includes(typeName)) this.services.push(typeName);
    this.#addFile(file);
  }

  /** `name` as in an import: with `.proto`. */
  file(name: string): DescFile | undefined {
    return this.#files.get(name);
  }

  /** The file that defines a message, field, oneof, enum, enum value, extension, service or method. */
  fileOfSymbol(name: string): DescFile | undefined {
    return this.#symbols.get(name);
  }

  fileOfExtension(typeName: string, number: number): DescFile | undefined {
    return this.#extensions.get(typeName)?.get(number);
  }

  /** The numbers of a message's extensions, ascending; undefined where there is no such message. */
  extensionNumbers(typeName: string): number[] | undefined {
    const numbers = this.#extensions.get(typeName);
    if (numbers === undefined) return this.#symbols.has(typeName) ? [] : undefined;
    return [...numbers.keys()].sort((a, b) => a - b);
  }

  #addFile(file: DescFile): void {
    if (this.#files.has(file.proto.name)) return;
    this.#files.set(file.proto.name, file);
    for (const dependency of file.dependencies) this.#addFile(dependency);
    for (const message of file.messages) this.#addMessage(message);
    for (const { typeName } of file.enums) this.#symbols.set(typeName, file);
    for (const { values, typeName } of file.enums) this.#addValues(typeName, values, file);
    for (const extension of file.extensions) this.#addExtension(extension);
    for (const service of file.services) {
      this.#symbols.set(service.typeName, file);
      for (const method of service.methods) this.#symbols.set(`${service.typeName}.${method.name}`, file);
    }
  }

  #addMessage(message: DescMessage): void {
    const { file, typeName } = message;
    this.#symbols.set(typeName, file);
    // From the proto: the descriptors of protobuf-es do not list the entry messages of maps.
    for (const { name } of message.proto.nestedType) this.#symbols.set(`${typeName}.${name}`, file);
    for (const { name } of message.fields) this.#symbols.set(`${typeName}.${name}`, file);
    for (const { name } of message.oneofs) this.#symbols.set(`${typeName}.${name}`, file);
    for (const nested of message.nestedEnums) {
      this.#symbols.set(nested.typeName, file);
      this.#addValues(nested.typeName, nested.values, file);
    }
    for (const extension of message.nestedExtensions) this.#addExtension(extension);
    for (const nested of message.nestedMessages) this.#addMessage(nested);
  }

  /** Values are siblings of their enum: `pkg.VALUE`, not `pkg.Enum.VALUE`. */
  #addValues(enumName: string, values: readonly { readonly name: string }[], file: DescFile): void {
    const scope = enumName.slice(0, enumName.lastIndexOf(".") + 1);
    for (const { name } of values) this.#symbols.set(scope + name, file);
  }

  #addExtension(extension: DescExtension): void {
    this.#symbols.set(extension.typeName, extension.file);
    const { typeName } = extension.extendee;
    const numbers = this.#extensions.get(typeName) ?? new Map<number, DescFile>();
    numbers.set(extension.number, extension.file);
    this.#extensions.set(typeName, numbers);
  }
}
