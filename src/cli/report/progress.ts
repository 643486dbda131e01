import type { SingleBar } from "cli-progress";

/** Tells a waiting person how far a long run has come; on stderr, so that stdout stays clean. */
export interface Progress {
  /** A new stage of `total` steps begins. */
  stage(label: string, total: number): void;
  /** So many more steps of the stage are done. */
  advance(steps: number): void;
  /** Clears what is on the screen. To be called once, whatever happened. */
  stop(): void;
}

export const silent: Progress = { stage() {}, advance() {}, stop() {} };

// On a terminal, a run shorter than this shows nothing.
const patienceMs = 700;
// Elsewhere, stages of fewer files are not worth a line in a log.
const worthALine = 100;

/** A bar on a terminal once the run has taken a while; elsewhere a line for each stage of many files. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY === true ? terminalProgress(stream) : lineProgress(stream);
}

function lineProgress(stream: NodeJS.WriteStream): Progress {
  return {
    stage(label, total) {
      if (total >= worthALine) stream.write(`gen-stubs: ${label} (${total} files)\n`);
    },
    advance() {},
    stop() {},
  };
}

function terminalProgress(stream: NodeJS.WriteStream): Progress {
  let label = "";
  let total = 0;
  let done = 0;
  let bar: SingleBar | undefined;
  let stopped = false;
  const show = async (): Promise<void> => {
    const { default: progress } = await import("cli-progress");
    if (stopped) return;
    // Its characters carry no colour, so NO_COLOR has nothing to switch off.
    bar = new progress.SingleBar(
      {
        stream,
        format: "{bar} {percentage}% {label} {value}/{total}",
        barsize: 24,
        clearOnComplete: true,
        hideCursor: true,
        gracefulExit: true,
      },
      progress.Presets.shades_classic,
    );
    bar.start(total, done, { label });
  };
  // A bar that cannot be drawn is no reason to fail.
  const timer = setTimeout(() => void show().catch(() => {}), patienceMs);
  timer.unref();
  return {
    stage(next, count) {
      [label, total, done] = [next, count, 0];
      bar?.setTotal(total);
      bar?.update(0, { label });
    },
    advance(steps) {
      done += steps;
      bar?.update(done, { label });
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      bar?.stop();
    },
  };
}
