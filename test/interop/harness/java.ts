import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execOk } from "./exec.js";
import { once } from "./once.js";
import { cache, guides, interop } from "./paths.js";
import { protocPath } from "./toolchain.js";

/** Maven's plugin that copies artifacts, the only one that is needed, at a version of ours. */
const copier = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1";

/** The classes of the peers in Java, with all they stand on: the value of `-classpath`. */
export async function buildJavaPeers(): Promise<string> {
  const home = join(cache, "java");
  const lib = join(home, "lib");
  const pom = join(interop, "java", "pom.xml");
  const text = await readFile(pom, "utf8");
  await once("java", text, async () => {
    await rm(lib, { recursive: true, force: true });
    const args = ["-q", "-B", "-f", pom, `${copier}:copy-dependencies`, `-DoutputDirectory=${lib}`];
    await execOk("nice", ["mvn", ...args], { timeoutMs: 600_000 });
  });
  const generated = join(home, "gen");
  await mkdir(generated, { recursive: true });
  const { folder, file } = guides.data;
  await execOk(await protocPath(), [`--proto_path=${folder}`, `--java_out=${generated}`, file]);
  const classes = join(home, "classes");
  await rm(classes, { recursive: true, force: true });
  const sources = (await Promise.all([generated, join(interop, "java", "src")].map(javaFiles))).flat();
  const classpath = join(lib, "*");
  const args = ["javac", "-nowarn", "-encoding", "UTF-8", "-d", classes, "-classpath", classpath, ...sources];
  await execOk("nice", args, { timeoutMs: 300_000 });
  return [classes, classpath].join(delimiter);
}

async function javaFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith(".java")).map((name) => join(folder, name));
}
