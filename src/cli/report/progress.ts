import type { SingleBar } from "cli-progress";
import { shownSteps } from "./estimate.js";

/** Tells a waiting person how far a long run has come; on stderr, so that stdout stays clean. */
export interface Progress {
  /** A new stage of `total` steps begins, which is likely to take so long. */
  stage(label: string, total: number, expectedMs?: number): void;
  /** So many more steps of the stage are done. */
  advance(steps: number): void;
  /** Clears what is on the screen. To be called once, whatever happened. */
  stop(): void;
}

export const silent: Progress = { stage() {}, advance() {}, stop() {} };

// On a terminal, a run of few files shows nothing for this long.
const patienceMs = 700;
// So often the bar moves, whether or not anything is known to be done.
const tickMs = 100;
// With so many files a stage gets its bar at once, and elsewhere its line in a log.
const manyFiles = 100;

/** A bar on a terminal, where files are many or the run has taken a while; elsewhere a line for each stage of many files. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY === true ? terminalProgress(stream) : lineProgress(stream);
}

function lineProgress(stream: NodeJS.WriteStream): Progress {
  return {
    stage(label, total) {
      if (total >= manyFiles) stream.write(`gen-stubs: ${label} (${total} files)\n`);
    },
    advance() {},
    stop() {},
  };
}

function terminalProgress(stream: NodeJS.WriteStream): Progress {
  let label = "";
  let total = 0;
  let done = 0;
  let expected = 0;
  let began = 0;
  let bar: SingleBar | undefined;
  const started = performance.now();
  let ticker: NodeJS.Timeout | undefined;
  let shown = false;
  let stopped = false;
  const draw = async (): Promise<void> => {
    const { default: progress } = await import("cli-progress");
    if (stopped) return;
    // Its characters carry no colour, so NO_COLOR has nothing to switch off.
    bar = new progress.SingleBar(
      {
        stream,
        format: "{bar} {percentage}% {label} {value}/{total} {seconds} s",
        barsize: 24,
        clearOnComplete: true,
        hideCursor: true,
        // The run itself listens for signals, and clears the bar in the end.
        gracefulExit: false,
      },
      progress.Presets.shades_classic,
    );
    bar.start(total, done, payload());
    ticker = setInterval(update, tickMs);
    ticker.unref();
  };
  const payload = () => ({ label, seconds: Math.floor((performance.now() - started) / 1000) });
  const update = (): void => bar?.update(shownSteps(done, total, performance.now() - began, expected), payload());
  const show = (): void => {
    if (shown) return;
    shown = true;
    // A bar that cannot be drawn is no reason to fail.
    void draw().catch(() => {});
  };
  // A stage that gives way to the next is done. The bar draws few of the updates it gets, and would pass this one over.
  const finish = (): void => {
    bar?.update(total, payload());
    bar?.render();
  };
  const timer = setTimeout(show, patienceMs);
  timer.unref();
  return {
    stage(next, count, expectedMs = 0) {
      finish();
      [label, total, done, expected, began] = [next, count, 0, expectedMs, performance.now()];
      bar?.setTotal(total);
      update();
      if (count >= manyFiles) show();
    },
    advance(steps) {
      done += steps;
      update();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      clearInterval(ticker);
      bar?.stop();
    },
  };
}
