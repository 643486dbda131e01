import { type Known, known } from "./known.js";

/** What was proven, or not: one line of the table. */
export interface Result {
  readonly suite: string;
  readonly peer: string;
  /** "client" and "server" say what our side was; "-" where there is only one way. */
  readonly ours: "client" | "server" | "-";
  readonly transport: string;
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Judged extends Result {
  readonly known: Known | undefined;
}

/** Counts that suites publish beside their lines. */
export interface Count {
  readonly suite: string;
  readonly what: string;
  readonly transport: string;
  readonly passed: number;
  readonly failed: number;
}

/** Collects results, says each failure at once, and tells what was skipped. */
export class Results {
  readonly lines: Judged[] = [];
  readonly counts: Count[] = [];
  readonly skipped: string[] = [];

  add(result: Result): void {
    const found = known.find((candidate) => matches(candidate, result));
    this.lines.push({ ...result, known: found });
    if (!result.ok && found === undefined) console.log(`FAIL ${label(result)}: ${result.detail}`);
  }

  /** Adds all that others collected. */
  take(others: Results): void {
    this.lines.push(...others.lines);
    this.counts.push(...others.counts);
    this.skipped.push(...others.skipped);
  }

  count(count: Count): void {
    this.counts.push(count);
  }

  /** One clear line for what could not run. */
  skip(what: string, why: string): void {
    this.skipped.push(`${what}: ${why}`);
    console.log(`skip: ${what}: ${why}`);
  }

  /** The failures nobody has explained, and the known ones that did not happen. */
  unexpected(): string[] {
    const failures = this.lines.filter(({ ok, known }) => !ok && known === undefined);
    const gone = this.lines.filter(({ ok, known }) => ok && known !== undefined && known.sometimes !== true);
    return [
      ...failures.map((line) => `FAIL ${label(line)}: ${line.detail}`),
      ...gone.map((line) => `passes now, remove it from known.ts: ${label(line)}`),
    ];
  }
}

function label({ suite, peer, ours, transport, name }: Result): string {
  return [suite, peer, ours === "-" ? "" : `our ${ours}`, transport, name].filter(Boolean).join(" / ");
}

function matches(candidate: Known, result: Result): boolean {
  const { suite, peer, ours, transport, name } = candidate;
  return (
    suite === result.suite &&
    (peer === undefined || peer === result.peer) &&
    (ours === undefined || ours === result.ours) &&
    (transport === undefined || transport === result.transport) &&
    (candidate.detail === undefined || result.ok || candidate.detail.test(result.detail)) &&
    (typeof name === "string" ? name === result.name : name.test(result.name))
  );
}
