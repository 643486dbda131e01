import { type Cache, getJson, noCache, putJson } from "../cache/cache.js";
import { digest } from "../cache/digest.js";
import { fileDigests } from "../descriptors/digests.js";
import { parameterOf } from "../descriptors/plugin-option.js";
import type { GeneratedFile } from "../descriptors/response.js";
import type { MessageGenerator, MessageJob } from "./message-generator.js";

/** The messages of one run, by the digest of what each file's depend on. */
type Pack = Readonly<Record<string, readonly GeneratedFile[]>>;

/** With more files than this, keeping and finding their messages is no small part of making them. */
const maxFiles = 2_000;

/**
 * Generates messages, but for those that an earlier run made of the same descriptors. Where a generator looks at one file
 * at a time, it is asked for those that changed alone; else for all or none.
 *
 * @throws GenStubsError GS4001–GS4003.
 */
export async function cachedMessages(
  generator: MessageGenerator,
  job: MessageJob,
  cache: Cache,
): Promise<readonly GeneratedFile[]> {
  if (job.generate.length === 0) return [];
  if (cache === noCache || job.generate.length > maxFiles) return generator.generate(job);
  const identity = digest("messages", generator.identity(), parameterOf(job.options), ...job.generate);
  const pack = packOf(getJson(cache, identity));
  const digests = fileDigests(job.files, digest);
  const key = (names: readonly string[]): string => digest(...names.map((name) => digests.get(name) ?? ""));
  const units = generator.independent ? job.generate.map((name) => [name]) : [job.generate];
  const missing = units.filter((names) => pack[key(names)] === undefined).flat();
  if (missing.length < job.generate.length) job.onProgress?.(job.generate.length - missing.length);
  const made = missing.length === 0 ? [] : await generator.generate({ ...job, generate: missing });
  const parts = units.map((names) => ({
    key: key(names),
    files: pack[key(names)] ?? belongingTo(names, made, generator),
  }));
  const files = parts.flatMap((part) => part.files);
  const kept = parts.reduce((sum, part) => sum + (pack[part.key]?.length ?? 0), 0);
  // What belongs to no file of its own (an index of all) cannot be put together from parts.
  if (files.length !== kept + made.length) {
    return missing.length === job.generate.length ? made : generator.generate(job);
  }
  if (missing.length > 0) putJson(cache, identity, Object.fromEntries(parts.map((part) => [part.key, part.files])));
  return files;
}

function belongingTo(
  names: readonly string[],
  made: readonly GeneratedFile[],
  generator: MessageGenerator,
): readonly GeneratedFile[] {
  if (!generator.independent) return made;
  const places = new Set(
    names.flatMap((name) => generator.endings.map((ending) => name.replace(/\.proto$/, "") + ending)),
  );
  return made.filter(({ name }) => places.has(name));
}

function packOf(entry: unknown): Pack {
  return typeof entry === "object" && entry !== null ? (entry as Pack) : {}; // written by this file, and checked as a whole
}
