/**
 * What to say where Node is too old to run what is here; `undefined` where it is not. Loaded by Nodes of any age: nothing of
 * this file's syntax is newer than ES2018, and it imports nothing.
 *
 * @param version e.g. `20.19.0`
 */
export function nodeProblem(program: string, version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return undefined;
  return `${program} needs Node 20.19 or newer; this is Node ${version}`;
}
