import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";

/** One file a plugin made: a name relative to the output folder, with `/`. */
export interface GeneratedFile {
  readonly name: string;
  readonly content: string;
}

export interface PluginResponse {
  /** What the plugin says against its input; `""` for nothing. */
  readonly error: string;
  readonly files: readonly GeneratedFile[];
}

// Field numbers of google.protobuf.compiler.CodeGeneratorResponse and its File.
const response = { error: 1, file: 15 } as const;
const file = { name: 1, content: 15 } as const;

/**
 * Reads a `CodeGeneratorResponse`. Insertion points are not known to any plugin run here.
 *
 * @throws Error when the bytes are no such message.
 */
export function decodeResponse(bytes: Uint8Array): PluginResponse {
  const files: GeneratedFile[] = [];
  let error = "";
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === response.error && type === WireType.LengthDelimited) error = reader.string();
    else if (field === response.file && type === WireType.LengthDelimited) files.push(decodeFile(reader.bytes()));
    else reader.skip(type, field);
  }
  return { error, files };
}

function decodeFile(bytes: Uint8Array): GeneratedFile {
  let [name, content] = ["", ""];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === file.name && type === WireType.LengthDelimited) name = reader.string();
    else if (field === file.content && type === WireType.LengthDelimited) content = reader.string();
    else reader.skip(type, field);
  }
  return { name, content };
}
