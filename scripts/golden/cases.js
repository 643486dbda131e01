import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
export function goldenCases(root) {
    const fixtures = join(root, "fixtures");
    return readdirSync(fixtures)
        .sort()
        .flatMap((name) => {
        const folder = join(fixtures, name);
        const options = readFileSync(join(folder, "options"), "utf8")
            .split("\n")
            .filter((line) => line !== "");
        const ofEs = { name, folder, options, messages: "es", ...expectedOf(folder, "") };
        const ofTsProto = { ...ofEs, messages: "ts_proto", ...expectedOf(folder, "-ts-proto") };
        if (options.includes("messages=ts_proto"))
            return [{ ...ofTsProto, ...expectedOf(folder, "") }];
        if (options.includes("messages=es") ||
            name.startsWith("error-") ||
            options.some((option) => option.includes("_pb.js")))
            return [ofEs];
        return [ofEs, { ...ofTsProto, name: `${name}-ts-proto`, options: [...options, "messages=ts_proto"] }];
    });
}
function expectedOf(folder, suffix) {
    return {
        expected: join(folder, `expected${suffix}`),
        expectedError: join(folder, `expected-error${suffix}.txt`),
    };
}
/** Runs protoc with a plugin over the inputs of a case. Resolves to what protoc prints where it fails. */
export async function runProtoc(root, golden, run) {
    if (run.keep !== true)
        rmSync(run.out, { recursive: true, force: true });
    mkdirSync(run.out, { recursive: true });
    const folders = [join(golden.folder, "input"), join(golden.folder, "include")].filter((folder) => existsSync(folder));
    const args = [
        ...folders.map((folder) => `-I${folder}`),
        `--plugin=protoc-gen-x=${resolve(root, run.plugin)}`,
        `--x_out=${run.out}`,
        ...run.options.map((option) => `--x_opt=${option}`),
        ...(run.from ?? ["input"]).flatMap((from) => filesIn(join(golden.folder, from))),
    ];
    return new Promise((done) => execFile(protocBinary(root), args, (error, _, stderr) => done(error === null ? undefined : stderr)));
}
/** The protoc of the npm package. Its own command is a script, which costs another start of Node. */
export function protocBinary(root) {
    const name = binaries[`${process.platform} ${process.arch}`];
    if (name === undefined)
        throw new Error(`the npm package protoc has no binary for ${process.platform} ${process.arch}`);
    return join(root, "node_modules/protoc/bin", name);
}
/** What the npm package protoc calls its binaries. */
const binaries = {
    "linux x64": "protoc-linux-x86_64",
    "linux arm64": "protoc-linux-aarch_64",
    "darwin x64": "protoc-osx-x86_64",
    "darwin arm64": "protoc-osx-aarch_64",
    "win32 x64": "protoc-win64.exe",
};
/** All files below a folder, with slashes, sorted. */
export function filesIn(folder) {
    if (!existsSync(folder))
        return [];
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"))
        .sort();
}
/** The plugin that makes the messages of a case, and what it is to be told to fit the case's options. */
export function messagePlugin(golden) {
    return golden.messages === "es"
        ? { plugin: "node_modules/.bin/protoc-gen-es", options: esOptions(golden) }
        : { plugin: "node_modules/.bin/protoc-gen-ts_proto", options: tsProtoOptions(golden) };
}
function tsProtoOptions({ options }) {
    const extension = options.find((option) => option.startsWith("import_extension="))?.slice("import_extension=".length);
    const own = options.filter((option) => option.startsWith("ts_proto_opt=")).map((option) => option.slice(13));
    // Enums as objects: erasableSyntaxOnly has nothing against them.
    const shared = ["outputServices=none", "enumsAsLiterals=true", "esModuleInterop=true", ...own];
    return extension === undefined || extension === "none" ? shared : [...shared, `importSuffix=.${extension}`];
}
function esOptions({ options }) {
    const shared = options.filter((option) => /^(target|import_extension|map_imports)=/.test(option));
    const target = shared.some((option) => option.startsWith("target=")) ? [] : ["target=ts"];
    const json = options.includes("k6=true") ? ["json_types=true"] : [];
    return [...target, ...shared, "erasable_syntax=true", ...json];
}
