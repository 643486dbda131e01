import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Disk {
  readonly folder: string;
  remove(): void;
}

/**
 * A folder on a disk that does not tell upper from lower case: the temporary folder itself on macOS and Windows; elsewhere
 * a small exFAT image on a loop device, where the machine lets us mount one.
 *
 * @returns what is missing, where there is none
 */
export function caseInsensitiveDisk(): Disk | string {
  const folder = mkdtempSync(join(tmpdir(), "gen-stubs-case-"));
  writeFileSync(join(folder, "Probe"), "");
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  if (existsSync(join(folder, "pROBE"))) return { folder, remove };
  const missing = ["losetup", "mkfs.exfat", "mount.exfat-fuse", "umount"].filter((tool) => !isThere(tool));
  if (missing.length > 0 || process.getuid?.() !== 0) {
    remove();
    return missing.length > 0 ? `no ${missing.join(", ")}` : "only root can mount";
  }
  try {
    return mountImage(folder, remove);
  } catch (error) {
    remove();
    return `no image can be mounted: ${error instanceof Error ? error.message.split("\n")[0] : error}`;
  }
}

function mountImage(folder: string, removeFolder: () => void): Disk {
  const image = join(folder, "image");
  const mounted = join(folder, "disk");
  mkdirSync(mounted);
  const run = (tool: string, ...args: string[]): string =>
    execFileSync(tool, args, { stdio: "pipe" }).toString().trim();
  run("truncate", "-s", "16M", image);
  run("mkfs.exfat", image);
  const device = run("losetup", "-f", "--show", image);
  try {
    run("mount.exfat-fuse", device, mounted);
  } catch (error) {
    run("losetup", "-d", device);
    throw error;
  }
  return {
    folder: mounted,
    remove() {
      run("umount", mounted);
      run("losetup", "-d", device);
      removeFolder();
    },
  };
}

function isThere(tool: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${tool}`], { stdio: "ignore" }).status === 0;
}
