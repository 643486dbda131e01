import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Deferred } from "../../src/runtime/core/deferred.js";
import { type TlsContents, type WatchedTls, watchTls } from "../../src/runtime/tls.js";
import { type Authority, certificates, type Pair } from "../support/certificates.js";

let authority: Authority;
let other: Pair;
beforeAll(async () => {
  authority = await certificates();
  other = await authority.sign("0a", "other");
});

let folder: string;
let watched: WatchedTls | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gen-stubs-tls-"));
});
afterEach(() => {
  watched?.close();
  rmSync(folder, { recursive: true, force: true });
});

const files = () => ({ cert: join(folder, "tls.crt"), key: join(folder, "tls.key") });

function write(pair: Pair, into = folder): void {
  writeFileSync(join(into, "tls.crt"), pair.cert);
  writeFileSync(join(into, "tls.key"), pair.key);
}

test("files that are written anew are told once they belong together", async () => {
  write(authority.server);
  const changed = new Deferred<TlsContents>();
  watched = watchTls(files(), { onChange: (tls) => changed.resolve(tls), onError: (error) => changed.reject(error) });
  expect(watched.current).toEqual(authority.server);
  write(other);
  expect(await changed.promise).toEqual(other);
  expect(watched.current).toEqual(other);
});

test("a folder that is swapped by a link, as Kubernetes does, is seen", async () => {
  const put = (name: string, pair: Pair): void => {
    mkdirSync(join(folder, name));
    write(pair, join(folder, name));
  };
  put("first", authority.server);
  symlinkSync("first", join(folder, "..data"));
  for (const name of ["tls.crt", "tls.key"]) symlinkSync(join("..data", name), join(folder, name));
  const changed = new Deferred<TlsContents>();
  watched = watchTls(files(), { onChange: (tls) => changed.resolve(tls) });
  put("second", other);
  symlinkSync("second", join(folder, "..next"));
  renameSync(join(folder, "..next"), join(folder, "..data"));
  expect(await changed.promise).toEqual(other);
});

test("what cannot be used is told of, and what was there stays", async () => {
  write(authority.server);
  const failed = new Deferred<Error>();
  watched = watchTls(files(), { onError: (error) => failed.resolve(error) });
  writeFileSync(files().cert, other.cert); // and the key of the first
  expect((await failed.promise).message).toContain(files().cert);
  expect(watched.current).toEqual(authority.server);
});

test("changes that nobody tells of are found by looking", async () => {
  write(authority.server);
  const changed = new Deferred<TlsContents>();
  watched = watchTls(files(), { onChange: (tls) => changed.resolve(tls), pollMs: 5 });
  write(other);
  expect(await changed.promise).toEqual(other);
});

test("files that are not there, or do not belong together, throw at once", () => {
  expect(() => watchTls(files())).toThrow("ENOENT");
  write({ cert: authority.server.cert, key: other.key });
  expect(() => watchTls(files())).toThrow();
});
