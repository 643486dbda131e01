/** Changes that come together (a checkout, a formatter) are one run: it starts when none has come for so long. */
const quietMs = 25;

/** Runs a task after changes: never twice at a time, and once more when something changed while it ran. */
export class Repeater {
  /** Rejects when the task throws; never resolves. */
  readonly broken: Promise<never>;
  readonly #task: (changed: ReadonlySet<string>) => Promise<void>;
  #fail: (reason: unknown) => void = () => {};
  #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  constructor(task: (changed: ReadonlySet<string>) => Promise<void>) {
    this.#task = task;
    this.broken = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.broken.catch(() => {});
  }

  changed(path: string): void {
    if (this.#stopped) return;
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#start(), quietMs);
  }

  /** Starts nothing more, and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #start(): void {
    if (this.#running !== undefined || this.#stopped || this.#changed.size === 0) return;
    const changed = this.#changed;
    this.#changed = new Set();
    this.#running = this.#task(changed).then(
      () => this.#ended(),
      (reason: unknown) => {
        this.#ended();
        this.#fail(reason);
      },
    );
  }

  #ended(): void {
    this.#running = undefined;
    this.#start();
  }
}
