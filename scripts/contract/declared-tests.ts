import { createVitest } from "vitest/node";

/** One test of the contract, as declared. */
export interface DeclaredTest {
  /** `P3` */
  readonly promise: string;
  readonly transport: string;
  readonly title: string;
  /** Why this transport cannot keep it; such a test must fail for the suite to pass. */
  readonly cannot: string | undefined;
}

/** The tests of test/contract, collected without running them. Their names and known failures say all; `npm test` holds them to it. */
export async function declaredTests(root: string): Promise<DeclaredTest[]> {
  const vitest = await createVitest("test", { root, watch: false, reporters: [{}], run: true });
  try {
    const { testModules, unhandledErrors } = await vitest.collect(["test/contract/"]);
    const errors = [...unhandledErrors, ...testModules.flatMap((module) => module.errors())];
    if (errors.length > 0) throw new Error("test/contract cannot be collected", { cause: errors[0] });
    return testModules.flatMap((module) =>
      [...module.children.allTests()].flatMap(({ name, options, parent }) => {
        const promise = /^(P\d+)\b/.exec(name)?.[1];
        if (promise === undefined) return [];
        const transport = parent.type === "suite" ? / over (.+)$/.exec(parent.name)?.[1] : undefined;
        if (transport === undefined)
          throw new Error(`${module.moduleId}: "${name}" is in no suite "… over <transport>"`);
        const reason = / \[(.+)\]$/.exec(name)?.[1];
        const noBidi = reason?.startsWith("fetch carries no bidirectional streams");
        const cannot = options.fails === true || noBidi === true ? (reason ?? "a known failure") : undefined;
        const title = cannot === undefined ? name : name.replace(/ \[.+\]$/, "");
        return [{ promise, transport, title, cannot }];
      }),
    );
  } finally {
    await vitest.close();
  }
}
