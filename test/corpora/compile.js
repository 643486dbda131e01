import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesIn, protocBinary } from "../../scripts/golden/cases.js";
/** Compiles the .proto files of a package with protoc. */
export function compile(root, modules, corpus) {
    const roots = corpus.roots.map((folder) => join(modules, corpus.name, folder)).filter((folder) => existsSync(folder));
    const first = roots[0];
    if (first === undefined)
        throw new Error(`${corpus.name} has none of ${corpus.roots.join(", ")}`);
    const files = filesIn(first).filter((file) => file.endsWith(".proto") && !/(^|\/)node_modules\//.test(file) && corpus.without?.test(file) !== true);
    const set = join(root, ".cache/corpora/sets", `${corpus.name.replace(/\W+/g, "-")}.binpb`);
    mkdirSync(dirname(set), { recursive: true });
    const kept = new Set(files);
    for (;;) {
        const bad = faulty(protoc(root, roots, [...kept], set), roots);
        if (bad.length === 0)
            break;
        const before = kept.size;
        for (const file of bad)
            kept.delete(file);
        if (kept.size === before)
            throw new Error(`protoc refuses ${corpus.name}: ${bad.join(", ")}`);
    }
    return { name: corpus.name, set, files: [...kept], dropped: files.length - kept.size };
}
/** What protoc prints; nothing where it has written the set. */
function protoc(root, roots, files, set) {
    writeFileSync(`${set}.txt`, files.join("\n"));
    const args = [...roots.map((folder) => `-I${folder}`), "--include_imports", "--include_source_info"];
    const { status, stderr } = spawnSync(protocBinary(root), [...args, "-o", set, `@${set}.txt`], {
        encoding: "utf8",
        maxBuffer: 1 << 28,
    });
    return status === 0 ? "" : stderr;
}
/** The files with errors, by their import names. */
function faulty(stderr, roots) {
    const lines = stderr.split("\n").filter((line) => !/: warning: /.test(line));
    const shown = new Set(lines.flatMap((line) => /^(.+?\.proto):\d+:\d+: /.exec(line)?.[1] ?? []));
    return [...shown].map((file) => {
        const folder = roots.find((one) => file.startsWith(`${one}/`));
        return folder === undefined ? file : file.slice(folder.length + 1);
    });
}
