/** Certificates in files that change: for `server.setTls` and for the `tls` of a channel. */
import { type FSWatcher, readFileSync, watch } from "node:fs";
import { dirname } from "node:path";
import { createSecureContext } from "node:tls";
import { startQuietTimer, stopTimer, type Timer } from "./core/clock.js";
import { messageOf } from "./core/rpc-error.js";

/** Paths of files in PEM. */
export interface TlsFiles {
  /** The certificate, and those between it and its authority. */
  readonly cert?: string | undefined;
  /** Its private key. */
  readonly key?: string | undefined;
  /** The authorities that are trusted: a server's for its clients, a client's for its servers. */
  readonly ca?: string | undefined;
  /** The certificates that the authorities have revoked (CRL). */
  readonly crl?: string | undefined;
}

/** The contents of {@link TlsFiles}. */
export type TlsContents = { readonly [File in keyof TlsFiles]?: string };

/** Options of {@link watchTls}. */
export interface WatchTlsOptions {
  /** Called with the new contents, once certificate and key match. An error that it throws goes to `onError`. */
  readonly onChange?: ((tls: TlsContents) => void) | undefined;
  /** Called where the contents of the files cannot be used; the previous contents stay `current`. Default: a process warning. */
  readonly onError?: ((error: Error) => void) | undefined;
  /** Milliseconds between reads without a notification, as network file systems do not report changes. Default 60000. */
  readonly pollMs?: number | undefined;
}

/** Files that are watched. */
export interface WatchedTls extends Disposable {
  /** What is in the files now, as `listen` and `connect` take it. */
  readonly current: TlsContents;
  /** Stops watching. */
  close(): void;
}

/** Files are written one after the other: what is read too early does not belong together. */
const SETTLE_MS = 100;
/** What cannot be used after so long is a fault, not a file half written. */
const FAULT_MS = 1_000;

/**
 * Reads the files, and reads them again when they change: written anew, renamed into their place, or swapped as a folder, as
 * Kubernetes does with secrets. It does not keep the process alive.
 *
 * @throws Error where the files cannot be read at first, or do not belong together
 * @example
 * ```ts
 * using certificates = watchTls({ cert: "tls.crt", key: "tls.key" }, { onChange: (tls) => server.setTls(tls) });
 * await server.listen("0.0.0.0:8443", { tls: certificates.current });
 * const channel = connect("https://…", { tls: () => clientCertificates.current });
 * ```
 */
export function watchTls(files: TlsFiles, options: WatchTlsOptions = {}): WatchedTls {
  return new TlsWatch(files, options);
}

class TlsWatch implements WatchedTls {
  readonly #files: readonly (readonly [string, string])[];
  readonly #options: WatchTlsOptions;
  readonly #watchers: FSWatcher[] = [];
  #current: TlsContents;
  #timer: Timer | undefined;
  #poll: Timer | undefined;
  #failing = false;
  #closed = false;

  constructor(files: TlsFiles, options: WatchTlsOptions) {
    this.#files = Object.entries(files).filter((file): file is [string, string] => file[1] !== undefined);
    this.#options = options;
    this.#current = this.#read();
    // Folders, for a file that is replaced is another file.
    for (const folder of new Set(this.#files.map(([, path]) => dirname(path)))) this.#watch(folder);
    this.#pollLater();
  }

  get current(): TlsContents {
    return this.#current;
  }

  close(): void {
    this.#closed = true;
    stopTimer(this.#timer);
    stopTimer(this.#poll);
    for (const watcher of this.#watchers) watcher.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#lookIn(SETTLE_MS));
      watcher.on("error", () => watcher.close());
      this.#watchers.push(watcher);
    } catch {
      // The system has no watchers left: they are read from time to time all the same.
    }
  }

  #pollLater(): void {
    const look = (): void => {
      this.#look();
      if (!this.#closed) this.#pollLater();
    };
    this.#poll = startQuietTimer(look, this.#options.pollMs ?? 60_000);
  }

  #lookIn(ms: number): void {
    stopTimer(this.#timer);
    if (!this.#closed) this.#timer = startQuietTimer(() => this.#look(), ms);
  }

  #look(): void {
    try {
      const found = this.#read();
      this.#failing = false;
      if (this.#files.every(([name]) => this.#of(found, name) === this.#of(this.#current, name))) return;
      this.#current = found;
    } catch (error) {
      if (this.#failing) this.#failed(error);
      else this.#lookIn(FAULT_MS);
      this.#failing = !this.#failing;
      return;
    }
    try {
      this.#options.onChange?.(this.#current);
    } catch (error) {
      this.#failed(error);
    }
  }

  #of(contents: TlsContents, name: string): string | undefined {
    return contents[name as keyof TlsFiles]; // the names are those of the files
  }

  #read(): TlsContents {
    const contents: TlsContents = Object.fromEntries(
      this.#files.map(([name, path]) => [name, readFileSync(path, "utf8")]),
    );
    createSecureContext(contents); // throws where the key is not the certificate's
    return contents;
  }

  #failed(cause: unknown): void {
    const paths = this.#files.map(([, path]) => path).join(", ");
    const error = new Error(`the certificates in ${paths} cannot be used: ${messageOf(cause)}`, { cause });
    if (this.#options.onError === undefined) process.emitWarning(error);
    else this.#options.onError(error);
  }
}
