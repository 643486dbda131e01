import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";
import { guideGroups } from "./groups.js";

const docs = fileURLToPath(new URL("..", import.meta.url));
const { repository } = JSON.parse(readFileSync(join(docs, "../package.json"), "utf8"));
const home = String(repository?.url ?? repository ?? "")
  .replace(/^git\+/, "")
  .replace(/\.git$/, "");

/** Where a page links to a file that the site does not have: that file in the repository. */
function linkOf(target: string, page: string): string {
  if (/^[a-z]+:|^#|^\//.test(target)) return target;
  const [path = "", anchor] = target.split("#");
  const file = normalize(join(dirname(join(docs, page)), path));
  const below = relative(docs, file);
  if (!below.startsWith("..") && existsSync(file)) return target;
  const rooted = relative(join(docs, ".."), file);
  if (rooted === "README.md") return "/start/quick-start";
  return `${home}/blob/main/${rooted}${anchor === undefined ? "" : `#${anchor}`}`;
}

interface Page {
  text: string;
  link: string;
}

function pageOf(folder: string, name: string): Page {
  const text = readFileSync(join(docs, folder, `${name}.md`), "utf8").match(/^# (.+)$/m)?.[1] ?? name;
  return { text, link: `/${folder}/${name}` };
}

function namesIn(folder: string): string[] {
  return readdirSync(join(docs, folder))
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -3));
}

/** The pages of a folder by their titles, in the order given; the rest follows by name. */
function pagesOf(folder: string, first: readonly string[] = []): Page[] {
  const names = namesIn(folder);
  const listed = first.filter((name) => names.includes(name));
  return [...listed, ...names.filter((name) => !listed.includes(name)).sort()].map((name) => pageOf(folder, name));
}

const grouped = guideGroups.flatMap(({ guides }) => guides);
const strays = namesIn("guides").filter((name) => !grouped.includes(name));
if (strays.length > 0) throw new Error(`no group of .vitepress/groups.ts has the guides ${strays.join(", ")}`);
const reference = [
  { text: "API", link: "/reference/api/overview" },
  { text: "The command", link: "/command" },
  { text: "Options of the stubs", link: "/guides/options" },
  { text: "Error codes", link: "/errors" },
  { text: "HTTP/2 and its limits", link: "/http2" },
  { text: "ts-proto's messages", link: "/ts-proto" },
  { text: "The contract of a call", link: "/promises" },
];
const proof = [
  { text: "Benchmarks", link: "/benchmarks" },
  { text: "Doors for browsers", link: "/doors" },
  { text: "Conformance", link: "/conformance" },
  { text: "Platforms", link: "/platforms" },
  { text: "Fleet", link: "/fleet" },
  { text: "Memory of streams", link: "/streams" },
  { text: "Codecs", link: "/codec" },
  { text: "The generator", link: "/bench-gen" },
].filter(({ link }) => existsSync(join(docs, `${link}.md`)));

/** Two arrows, there and back. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#2f6feb" stroke-width="2">
<path d="M2 5h11M10 2l3 3-3 3M14 11H3M6 8l-3 3 3 3"/></svg>`;

export default defineConfig({
  title: "gen-stubs",
  description: "Typed streaming gRPC stubs from .proto files, for Node, Bun, Deno and browsers.",
  cleanUrls: true,
  // Where the site is not at the root of its host: `/gen-stubs/`.
  base: process.env["DOCS_BASE"] ?? "/",
  head: [["link", { rel: "icon", href: `data:image/svg+xml,${encodeURIComponent(icon)}` }]],
  outDir: "../.cache/site",
  cacheDir: "../.cache/vitepress",
  srcExclude: ["node_modules/**"],
  markdown: {
    config(md) {
      md.core.ruler.push("repository-links", (state) => {
        for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
          const href = token.attrGet("href");
          if (token.type === "link_open" && href !== null) token.attrSet("href", linkOf(href, state.env.relativePath));
        }
      });
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Start", link: "/start/quick-start" },
      { text: "Guides", link: "/guides/calls" },
      { text: "Coming from", link: "/coming-from/grpc-js" },
      { text: "Reference", items: reference },
      { text: "Proof", items: proof },
    ],
    sidebar: [
      { text: "Start", items: pagesOf("start", ["quick-start", "concepts", "tutorial", "setup"]) },
      ...guideGroups.map(({ text, guides }) => ({ text, items: guides.map((name) => pageOf("guides", name)) })),
      { text: "Coming from", items: pagesOf("coming-from", ["grpc-js"]) },
      { text: "Reference", collapsed: true, items: reference },
      { text: "Proof", collapsed: true, items: proof },
      { text: "Contributing", collapsed: true, items: pagesOf("contributing", ["commands", "adding"]) },
    ],
    socialLinks: [{ icon: "github", link: home }],
  },
});
