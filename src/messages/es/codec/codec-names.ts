import type { MessageNames } from "../../../emit/message-flavour.js";
import type { SourceFile } from "../../../model/file-model.js";
import { NameScope } from "../../../model/names/name-scope.js";
import { reservedIdentifiers } from "../../../model/names/reserved.js";

/** What the codec file of a .proto file exports for one message. */
export interface CodecNames {
  readonly read: string;
  readonly write: string;
  readonly codec: string;
}

/** What the file imports from packages, and what its functions call their own: no export may have these names. */
export const codecFileNames: readonly string[] = (
  "Base EsCodec MessageInitShape Reader Writer baseOf es generated readRare setOwn writeRare writeRareCase writeUnknownFields " +
  "depth end endTag entry held i input isMessage item key limit list made map message oneof out part room start strict tag value " +
  "BigInt Extract NonNullable Number Object Uint8Array"
).split(" ");

/**
 * The exports of a codec file: `PointCodec`, `readPoint` and `writePoint` for a message `Point`. They depend on the file
 * alone, so that other files can know them.
 */
export function codecNames(
  source: SourceFile,
  messages: ReadonlyMap<string, MessageNames>,
): ReadonlyMap<string, CodecNames> {
  const scope = new NameScope([...reservedIdentifiers, ...codecFileNames]);
  for (const { shape, value } of messages.values()) for (const name of [shape, value]) scope.claim(name);
  const names = new Map<string, CodecNames>();
  for (const { kind, typeName } of source.types) {
    const shape = messages.get(typeName)?.shape;
    if (kind !== "message" || shape === undefined) continue;
    names.set(typeName, {
      read: scope.claim(`read${shape}`),
      write: scope.claim(`write${shape}`),
      codec: scope.claim(`${shape}Codec`),
    });
  }
  return names;
}
