import type { Kept } from "../../browser/pages/contract/vitest.js";

/** So long a test may take, on a busy machine. */
const GUARD_MS = 60_000;

/** Runs the tests one after the other, those whose titles begin so where the program is told, and prints for each a line of JSON. */
export async function runAll(kept: readonly Kept[], run: (index: number) => Promise<void>): Promise<void> {
  const asked = process.argv[2] ?? "";
  for (const [index, { title, fails, suite }] of kept.entries()) {
    if (!suite.name.includes("over fetch") || !title.startsWith(asked)) continue;
    let fault: string | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // What is known not to hold hangs, or leaves so many requests open that the next test would wait for them.
    if (fails) continue;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no end within ${GUARD_MS} ms`)), GUARD_MS);
    });
    try {
      await Promise.race([run(index), late]);
    } catch (error) {
      fault = String(error);
    }
    clearTimeout(timer);
    console.log(JSON.stringify({ title: `${suite.name} > ${title}`, fault }));
  }
  console.log("all");
  process.exit();
}
