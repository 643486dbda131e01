import { type ForeignMetadata, isMetadata, Metadata, type MetadataValue } from "../../core/metadata.js";

/** Metadata as it may be given: ours, grpc-js's, or a plain object. Keys that end in `-bin` take bytes, all others text. */
export type MetadataInit =
  | Metadata
  | ForeignMetadata
  | Readonly<Record<string, MetadataValue | readonly MetadataValue[]>>;

/** A Metadata of the call's own: changes of the caller's object and of the call's do not reach each other. */
export function toMetadata(init: MetadataInit | undefined): Metadata {
  const metadata = new Metadata();
  if (init === undefined) return metadata;
  if (isMetadata(init)) {
    metadata.merge(init);
    return metadata;
  }
  for (const [key, values] of Object.entries(init)) {
    for (const value of isList(values) ? values : [values]) metadata.add(key, value);
  }
  return metadata;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
