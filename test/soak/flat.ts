import { existsSync, readdirSync } from "node:fs";

/** What is left when no call runs, after a full collection. */
export interface Sample {
  readonly minute: number;
  readonly heap: number;
  readonly resident: number;
  /** Open files, where the system lists them (an idle connection is no active resource), and what keeps Node alive: servers, timers. */
  readonly handles: number;
}

const OPEN_FILES = "/dev/fd";

export function sample(minute: number): Sample {
  globalThis.gc?.();
  const { heapUsed: heap, rss: resident } = process.memoryUsage();
  const files = existsSync(OPEN_FILES) ? readdirSync(OPEN_FILES).length : 0;
  return { minute, heap, resident, handles: files + process.getActiveResourcesInfo().length };
}

/** Bytes a minute that count as none: half of a megabyte of heap; of resident memory twice that, for the allocator keeps pages. */
const TOLERANCE = { heap: 512 * 1024, resident: 1024 * 1024 };
/** The sockets of connections that are being made while the sample is taken. */
const HANDLES = 8;

/** What is not flat, in words. The first half is warm-up: code is compiled and caches fill, which ends; a leak goes on. */
export function growth(samples: readonly Sample[]): { readonly figures: string; readonly faults: readonly string[] } {
  const half = samples.slice(Math.floor(samples.length / 2));
  const heap = slope(half, "heap");
  const resident = slope(half, "resident");
  const handles = Math.max(...half.map((one) => one.handles)) - Math.min(...samples.map((one) => one.handles));
  const faults = [
    heap > TOLERANCE.heap && "the heap grows",
    resident > TOLERANCE.resident && "resident memory grows",
    handles > HANDLES && "handles grow",
  ].filter((fault): fault is string => fault !== false);
  const figures =
    `over the second half: heap ${kibibytes(heap)} a minute, resident ${kibibytes(resident)} a minute, ` +
    `handles at most ${handles} above the fewest (over all: heap ${kibibytes(slope(samples, "heap"))}, resident ${kibibytes(slope(samples, "resident"))})`;
  return { figures, faults };
}

function kibibytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}

/** The slope of the line of least squares, in bytes a minute. */
function slope(points: readonly Sample[], of: "heap" | "resident"): number {
  const meanX = points.reduce((sum, { minute }) => sum + minute, 0) / points.length;
  const meanY = points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const covariance = points.reduce((sum, point) => sum + (point.minute - meanX) * (point[of] - meanY), 0);
  const variance = points.reduce((sum, { minute }) => sum + (minute - meanX) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}
