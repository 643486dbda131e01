import type { MessageFlavour } from "../../../emit/message-flavour.js";
import type { SourceFile } from "../../../model/file-model.js";
import { esFlavour } from "../flavour.js";
import { esNames } from "../names.js";
import { type CodecNames, codecNames } from "./codec-names.js";
import { codecModule } from "./emit-codec-file.js";

/** Messages from protoc-gen-es 2 with generated codecs, where those are generated in the same run. */
export function esCodecFlavour(generated: ReadonlySet<string>): MessageFlavour {
  const flavour = esFlavour(generated);
  const cache = new WeakMap<SourceFile, ReadonlyMap<string, CodecNames>>();
  return {
    ...flavour,
    names(message, source, place) {
      const names = flavour.names(message, source, place);
      if (!generated.has(source.path)) return names;
      let codecs = cache.get(source);
      if (codecs === undefined) {
        codecs = codecNames(source, esNames(source));
        cache.set(source, codecs);
      }
      const codec = codecs.get(message.typeName)?.codec;
      return codec === undefined ? names : { ...names, codec };
    },
    codecModule: ({ path }) => codecModule(path),
    codec(message, ref) {
      if (message.codec === undefined) return flavour.codec(message, ref);
      return { text: message.codec, imports: [], uses: ["codec"] };
    },
  };
}
