import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Context } from "../harness/context.js";
import { exec, execOk } from "../harness/exec.js";
import { once } from "../harness/once.js";
import { cache, interop, root } from "../harness/paths.js";

/** The oldest version that has all that the manifests use, and the newest whose schemas the package brings. */
const VERSIONS = ["1.30", "1.37"];

const venv = join(cache, "manifests");
const folder = join(root, "examples", "fleet", "k8s");

/** The manifests of examples/fleet against Kubernetes' own schemas, and against what its server does. */
export async function runManifests({ results, toolchains }: Context): Promise<void> {
  if (toolchains.python === undefined) return results.skip("the manifests", "no python3 with venv on the PATH");
  const requirements = join(interop, "manifests", "requirements.txt");
  await once("manifests", await readFile(requirements, "utf8"), async () => {
    await rm(venv, { recursive: true, force: true });
    await execOk("python3", ["-m", "venv", venv], { timeoutMs: 120_000 });
    const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
    await execOk(join(venv, "bin", "python"), [...install, "-r", requirements], { timeoutMs: 300_000 });
  });
  const judge = (name: string, fault: string | undefined): void => {
    const line = { suite: "manifests", peer: "kubernetes-validate", ours: "-" as const, transport: "-", name };
    results.add({ ...line, ok: fault === undefined, detail: fault ?? "" });
  };
  const files = (await readdir(folder)).sort().map((file) => join(folder, file));
  for (const version of VERSIONS) {
    const { code, stdout, stderr } = await validate(version, files);
    judge(`the manifests are Kubernetes ${version}'s`, code === 0 ? undefined : stdout + stderr);
  }
  // That it would say so.
  const broken = join(await mkdtemp(join(tmpdir(), "manifests-")), "broken.yaml");
  const text = await readFile(join(folder, "server.yaml"), "utf8");
  for (const [what, change] of [
    ["a misspelt field", text.replace("preStop:", "preStopp:")],
    ["a port that is a text", text.replace("port: 50051", 'port: "50051"')],
  ] as const) {
    await writeFile(broken, change);
    const { code } = await validate(VERSIONS[0] ?? "", [broken]);
    judge(`${what} would be found`, change !== text && code !== 0 ? undefined : "it is not");
  }
  judge("they fit the server", await fitServer(text));
}

function validate(version: string, files: readonly string[]) {
  return exec(join(venv, "bin", "kubernetes-validate"), ["--strict", "-k", version, ...files], { timeoutMs: 120_000 });
}

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly clusterIP?: string;
    readonly template?: { readonly spec: Pod };
  };
}

interface Pod {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly {
    readonly ports: readonly { readonly containerPort: number }[];
    readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
    readonly readinessProbe: { readonly grpc: { readonly port: number } };
  }[];
}

/** What no schema knows: the service is headless, probes ask the server's port, and its grace fits into the pod's. */
async function fitServer(text: string): Promise<string | undefined> {
  const manifests = parseAllDocuments(text).map((document) => document.toJS() as Manifest); // the schema has passed them
  const source = await readFile(join(root, "examples", "fleet", "server.ts"), "utf8");
  const graceMs = Number(source.match(/graceMs: ([\d_]+)/)?.[1]?.replaceAll("_", ""));
  const service = manifests.find(({ kind }) => kind === "Service");
  const pod = manifests.find(({ kind }) => kind === "Deployment")?.spec.template?.spec;
  const [container] = pod?.containers ?? [];
  if (pod === undefined || container === undefined) return "there is no pod";
  if (service?.spec.clusterIP !== "None") return "the service is not headless";
  const port = container.ports[0]?.containerPort;
  if (container.readinessProbe.grpc.port !== port) return `the probe does not ask port ${port}`;
  const needed = container.lifecycle.preStop.sleep.seconds + graceMs / 1_000;
  const has = pod.terminationGracePeriodSeconds;
  return has > needed ? undefined : `terminationGracePeriodSeconds is ${has}, and ${needed} are needed`;
}
