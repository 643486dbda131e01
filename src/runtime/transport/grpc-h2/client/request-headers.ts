import { monotonicMs } from "../../../core/clock.js";
import { ACCEPT_ENCODING } from "../../../wire/compression.js";
import { formatTimeout } from "../../../wire/grpc-timeout.js";
import { headersSize, putMetadata } from "../../../wire/metadata-headers.js";
import type { Compression, StartOptions } from "../../transport.js";

/** The request headers that are the same for all calls of a channel. */
export interface Origin {
  readonly scheme: "http" | "https";
  readonly authority: string;
  readonly userAgent: string;
  /** As {@link Compressor.accepts}. */
  readonly accepts: string | undefined;
}

/** Headers, and their size as HTTP/2 counts it. */
export interface SizedHeaders {
  readonly list: string[];
  readonly size: number;
}

/**
 * The headers of the requests of one method, in the order the specification gives them (gRPC over HTTP/2,
 * "Request-Headers"). Lists without metadata are made once and reused; they are never modified.
 */
export class RequestHeaders {
  readonly #path: string;
  readonly #origin: Origin;
  readonly #plain = new Map<Compression, SizedHeaders>();
  #timeout = "";
  #timeoutFor: SizedHeaders | undefined;
  #withTimeout: SizedHeaders | undefined;

  constructor(path: string, origin: Origin) {
    this.#path = path;
    this.#origin = origin;
  }

  of(options: StartOptions): SizedHeaders {
    let headers = this.#plain.get(options.compression) ?? this.#make(options.compression);
    if (options.deadline !== Number.POSITIVE_INFINITY) headers = this.#timed(headers, options.deadline);
    if (options.metadata.size === 0) return headers;
    const list = headers.list.slice();
    putMetadata(options.metadata, list);
    return sized(list);
  }

  #timed(headers: SizedHeaders, deadline: number): SizedHeaders {
    const timeout = formatTimeout(deadline - monotonicMs());
    if (this.#withTimeout !== undefined && timeout === this.#timeout && headers === this.#timeoutFor) {
      return this.#withTimeout;
    }
    this.#timeout = timeout;
    this.#timeoutFor = headers;
    this.#withTimeout = sized([...headers.list, "grpc-timeout", timeout]);
    return this.#withTimeout;
  }

  #make(compression: Compression): SizedHeaders {
    const { scheme, authority, userAgent, accepts } = this.#origin;
    const list = [":method", "POST", ":scheme", scheme, ":path", this.#path, ":authority", authority];
    list.push("te", "trailers", "content-type", "application/grpc", "user-agent", userAgent);
    list.push("grpc-accept-encoding", accepts ?? ACCEPT_ENCODING);
    if (compression !== "identity") list.push("grpc-encoding", compression);
    const headers = sized(list);
    this.#plain.set(compression, headers);
    return headers;
  }
}

function sized(list: string[]): SizedHeaders {
  return { list, size: headersSize(list) };
}
