import { chai, JestAsymmetricMatchers, JestChaiExpect } from "@vitest/expect";

/** As much of vitest as the contract's tests use, for a page: tests are kept, and run one by one from outside. */

type Run = () => Promise<void> | void;

interface Suite {
  readonly name: string;
  readonly parent: Suite | undefined;
  readonly beforeAll: Run[];
  readonly afterEach: Run[];
  begun: boolean;
}

export interface Kept {
  readonly title: string;
  readonly fails: boolean;
  readonly suite: Suite;
  readonly run: Run;
}

const suiteOf = (name: string, parent: Suite | undefined): Suite => ({
  name,
  parent,
  beforeAll: [],
  afterEach: [],
  begun: false,
});

let current = suiteOf("", undefined);
let finished: Run[] = [];

/** All tests, in the order in which they were declared. */
export const kept: Kept[] = [];

export function describe(name: string, body: () => void): void {
  const outer = current;
  current = suiteOf(name, outer);
  body();
  current = outer;
}

/** Begins the tests of a further file. */
export function file(name: string): void {
  while (current.parent !== undefined) current = current.parent;
  current = suiteOf(name, current);
}

function keep(fails: boolean): (title: string, ...rest: unknown[]) => void {
  return (title, ...rest) => {
    const run = rest.find((one) => typeof one === "function") as Run;
    kept.push({ title, fails, suite: current, run });
  };
}

export const test: ReturnType<typeof keep> & { fails: ReturnType<typeof keep> } = Object.assign(keep(false), {
  fails: keep(true),
});
export const beforeAll = (run: Run): void => void current.beforeAll.push(run);
export const afterEach = (run: Run): void => void current.afterEach.push(run);
export const onTestFinished = (run: Run): void => void finished.push(run);

chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
// Which vitest itself adds.
chai.use(({ Assertion }, { addMethod, flag }) => {
  addMethod(Assertion.prototype, "toSatisfy", function satisfies(this: object, holds: (value: unknown) => boolean) {
    if (!holds(flag(this, "object"))) throw new Error(`${String(flag(this, "object"))} is not what it should be`);
  });
});

export const { expect } = chai;

/** Runs one test, with what stands around it; throws what it throws. */
export async function runKept(index: number): Promise<void> {
  const { suite, run } = kept[index]!;
  const chain: Suite[] = [];
  for (let one: Suite | undefined = suite; one !== undefined; one = one.parent) chain.unshift(one);
  for (const one of chain) {
    if (one.begun) continue;
    one.begun = true;
    for (const before of one.beforeAll) await before();
  }
  finished = [];
  try {
    await run();
  } finally {
    for (const one of chain.reverse()) for (const after of one.afterEach) await after();
    for (const after of finished) await after();
  }
}
