/**
 * A Markdown page whose relative links lead to the repository: pages and folders to its default branch, images to their bytes.
 *
 * @param url the `repository.url` of package.json
 */
export function absoluteLinks(markdown: string, url: string): string {
  const home = url.replace(/^git\+/, "").replace(/\.git$/, "");
  return markdown
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith("```") ? part : linked(part, home)))
    .join("");
}

function linked(text: string, home: string): string {
  return text.replace(
    /(!?)\[([^\]]*)\]\(((?![a-z]+:|#)[^)\s]+)\)/g,
    (_, image: string, label: string, path: string) => {
      const kind = image === "" ? "blob" : "raw";
      return `${image}[${label}](${home}/${kind}/HEAD/${path})`;
    },
  );
}
