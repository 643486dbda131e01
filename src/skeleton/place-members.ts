import { withBreaks } from "./line-breaks.js";
import type { Member, Target } from "./read-target.js";
import type { SkeletonService } from "./skeleton-service.js";
import type { TextEdits } from "./text-edits.js";
import type { UserFile } from "./user-file.js";

/** A method in the order of the schema; `print` where it is to be added, with the indentation it gets. */
export interface Slot {
  readonly name: string;
  readonly print: ((margin: string) => string) | undefined;
}

/**
 * Adds methods to a class or object: each behind the one that stands before it in the schema, or behind the last member where
 * none of those is there.
 */
export function insertMembers(slots: readonly Slot[], target: Target, file: UserFile, edits: TextEdits): void {
  const { text, layout } = file;
  const here = target.members.filter(({ start }) => start >= 0);
  const byName = new Map(here.map((member) => [member.name, member]));
  const margin = marginOf(here, target, file);
  const groups = new Map<Member | undefined, string[]>();
  let anchor: Member | undefined;
  for (const { name, print } of slots) {
    if (print === undefined) anchor = byName.get(name) ?? anchor;
    else {
      const at = anchor ?? here.at(-1);
      groups.set(at, [...(groups.get(at) ?? []), print(margin)]);
    }
  }
  const put = (at: number, added: string): void => edits.insert(at, withBreaks(added, layout.newline));
  for (const [member, printed] of groups) {
    if (member === undefined) {
      const between = target.style === "object" ? ",\n\n" : "\n\n";
      const body = printed.map((one) => margin + one).join(between) + (target.style === "object" ? "," : "");
      const inner = text.slice(target.open + 1, target.close);
      const at = target.open + 1 + inner.trimEnd().length;
      const closing = /\n/.test(inner.slice(inner.trimEnd().length)) ? "" : `\n${lineIndent(text, target.open)}`;
      put(at, `\n${inner.trim() === "" ? "" : "\n"}${body}${closing}`);
    } else if (target.style === "class") {
      put(behind(text, member.end), printed.map((one) => `\n\n${margin}${one}`).join(""));
    } else if (member.comma !== undefined) {
      put(behind(text, member.comma), printed.map((one) => `\n\n${margin}${one},`).join(""));
    } else {
      edits.insert(member.end, ",");
      put(behind(text, member.end), printed.map((one) => `\n\n${margin}${one}`).join(","));
    }
  }
}

/** What stands on the line behind an element and belongs to it: a stray semicolon, comments. */
function behind(text: string, end: number): number {
  const rest = /^(?:[ \t]*(?:;|\/\*(?:(?!\*\/)[^\r\n])*\*\/))*(?:[ \t]*\/\/[^\r\n]*)?/.exec(text.slice(end));
  return end + (rest?.[0].length ?? 0);
}

function marginOf(members: readonly Member[], target: Target, { text, layout }: UserFile): string {
  for (const { start } of members) {
    const before = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, start))?.[1];
    if (before !== undefined) return before;
  }
  return lineIndent(text, target.open) + layout.indent;
}

/** The indentation of the line on which an offset is. */
function lineIndent(text: string, at: number): string {
  const line = text.lastIndexOf("\n", at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line))![0];
}

/** What `markRemoved` looks at. */
export interface Marking {
  readonly service: SkeletonService;
  /** The tags of all rpcs there are. */
  readonly rpcs: ReadonlySet<string>;
  readonly target: Target;
  readonly file: UserFile;
  readonly edits: TextEdits;
}

/**
 * Puts a comment above each method that implements an rpc which the service has no more, and takes it away from those whose
 * rpc is back. Such methods are known by the tag in their comment. Returns the names of those that had no mark yet.
 */
export function markRemoved({ service, rpcs, target, file, edits }: Marking): readonly string[] {
  const own = `Implements rpc ${service.typeName}.`;
  const marked: string[] = [];
  for (const member of target.members) {
    const tag = /Implements rpc [\w.]+/.exec(member.comments)?.[0].replace(/\.$/, "");
    if (tag === undefined || !tag.startsWith(own) || tag.slice(own.length).includes(".")) continue;
    const mark = `// ${tag.slice("Implements rpc ".length)} is no longer an rpc of ${service.file}.`;
    const there = member.comments.indexOf(mark);
    if (rpcs.has(tag)) {
      if (there >= 0) unmark(member, mark, file.text, edits);
    } else if (there < 0) {
      marked.push(member.name);
      const indent = /(?:^|\n)([ \t]*)$/.exec(file.text.slice(0, member.start))?.[1] ?? "";
      edits.insert(member.start, withBreaks(`${mark}\n`, file.layout.newline) + indent);
    }
  }
  return marked;
}

/** Takes the line of the mark away, which stands somewhere above the member's own code. */
function unmark(member: Member, mark: string, text: string, edits: TextEdits): void {
  const at = text.lastIndexOf(mark, member.end);
  const rest = /^\r?\n[ \t]*/.exec(text.slice(at + mark.length))?.[0] ?? "";
  edits.remove(at, at + mark.length + rest.length);
}
