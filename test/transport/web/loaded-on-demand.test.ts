import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const runtime = fileURLToPath(new URL("../../../src/runtime/dist/index.cjs", import.meta.url));

const entry = fileURLToPath(new URL("../../../src/runtime/dist/web-server.cjs", import.meta.url));

/** Listens as it was told, in a process of its own; the files of the doors that were loaded for it. */
const program = (options: string) => `
  const webDoors = () => require(${JSON.stringify(entry)}).webDoors();
  const { Server } = require(${JSON.stringify(runtime)});
  const server = new Server();
  server.listen("127.0.0.1:0", ${options}).then(async () => {
    await server.shutdown();
    const loaded = Object.keys(require.cache).map((file) => file.replaceAll("\\\\", "/"));
    console.log(JSON.stringify(loaded.filter((file) => file.includes("/transport/web/")).length));
    console.log(JSON.stringify(process.moduleLoadList.includes("NativeModule http")));
  });
`;

async function loadedFor(options: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--eval", program(options)]);
  return stdout.trim().split("\n");
}

test("a server of gRPC alone loads nothing of the doors, nor node:http", async () => {
  expect(await loadedFor("{}")).toEqual(["0", "false"]);
  const [files, http] = await loadedFor("{ web: webDoors() }");
  expect(Number(files)).toBeGreaterThan(10);
  expect(http).toBe("true");
});
