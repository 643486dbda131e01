import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FollowedProject } from "../readme/follow.js";
import { repository } from "../support/packed.js";
import { type Background, background, type Finished, run, runOk } from "../support/shell.js";

/**
 * A project within the repository, so that what a guide needs is installed: the packages of the development, and the runtime
 * as it was built. Its `src/gen` holds the stubs of the Weather service.
 */
export class GuideProject implements FollowedProject {
  readonly folder: string;
  readonly #processes: Background[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(
    name: string,
    files: readonly { readonly path: string; readonly text: string }[],
  ): Promise<GuideProject> {
    const project = new GuideProject(join(repository, ".cache/guides", name));
    await rm(project.folder, { recursive: true, force: true });
    await project.write("package.json", `{ "type": "module" }`);
    for (const { path, text } of files) await project.write(path, text);
    await project.#linkCommands();
    await runOk([process.execPath, join(repository, "bin/gen-stubs.js"), "protos/", "--out", "src/gen", "--quiet"], {
      cwd: project.folder,
    });
    return project;
  }

  async write(path: string, text: string): Promise<void> {
    const file = join(this.folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${text}\n`);
  }

  async sh(script: string): Promise<Finished> {
    // What is to be installed is there.
    const commands = script.replace(/^npm (?:install|ci)\b.*$/gm, "true");
    return await run(commands, { cwd: this.folder, env: this.#env() });
  }

  async background(script: string): Promise<Pick<Finished, "output">> {
    const process = background(script, { cwd: this.folder, env: this.#env() });
    this.#processes.push(process);
    return { output: await process.line };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
  }

  /** What imports and `npx` find in a project that has gen-stubs. */
  async #linkCommands(): Promise<void> {
    const bin = join(this.folder, "node_modules/.bin");
    await mkdir(bin, { recursive: true });
    await symlink(repository, join(this.folder, "node_modules/gen-stubs"));
    for (const name of ["gen-stubs", "protoc-gen-stubs"]) {
      await symlink(join(repository, `bin/${name}.js`), join(bin, name));
    }
    for (const name of ["protoc", "protoc-gen-es", "protoc-gen-ts_proto", "buf"]) {
      await symlink(join(repository, "node_modules/.bin", name), join(bin, name));
    }
  }

  #env(): Readonly<Record<string, string>> {
    return { PATH: `${join(repository, "node_modules/.bin")}:${process.env["PATH"] ?? ""}` };
  }
}
