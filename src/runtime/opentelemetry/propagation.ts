import type { TextMapGetter, TextMapSetter } from "@opentelemetry/api";
import type { Metadata } from "../core/metadata.js";

/** Lets a propagator read the trace's context from metadata. */
export const fromMetadata: TextMapGetter<Metadata> = {
  keys: (metadata) => [...metadata].map(([key]) => key),
  get(metadata, key) {
    const values = metadata.get(key).filter((value) => typeof value === "string");
    return values.length > 1 ? values : values[0];
  },
};

/** Lets a propagator write the trace's context to metadata. */
export const toMetadata: TextMapSetter<Metadata> = {
  set(metadata, key, value) {
    metadata.set(key, value);
  },
};
