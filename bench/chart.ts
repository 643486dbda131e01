import type { Outcome } from "./measure.js";
import { rate } from "./table.js";

const rowHeight = 16;
const labelWidth = 230;
const barWidth = 420;
const noteWidth = 130;
const headHeight = 30;

/**
 * An SVG bar chart: for each scenario a group of bars, one for each peer, as long as its ratio to the baseline on a
 * logarithmic scale. `highlight`: the peers whose bars are in colour.
 */
export function chart(results: ReadonlyMap<string, readonly Outcome[]>, highlight: (peer: string) => boolean): string {
  const parts: string[] = [];
  const ratios = [...results.values()].flat().flatMap((one) => ratioOf(one) ?? []);
  const least = Math.min(0.1, ...ratios);
  const most = Math.max(10, ...ratios);
  const x = (ratio: number) => (barWidth * Math.log(ratio / least)) / Math.log(most / least);
  let y = 0;
  for (const [scenario, all] of results) {
    parts.push(`<text x="0" y="${y + 20}" class="head">${escapeXml(scenario)}</text>`);
    y += headHeight;
    for (const one of all) {
      const { peer } = one;
      const ratio = ratioOf(one);
      const length = ratio === undefined ? 0 : Math.max(1, x(ratio));
      const note = "error" in one ? "failed" : `${ratio?.toFixed(2)} (${rate(one.rate)}/s)`;
      parts.push(
        `<text x="${labelWidth - 6}" y="${y + 12}" class="peer">${escapeXml(peer)}</text>`,
        `<rect x="${labelWidth}" y="${y + 2}" width="${length.toFixed(1)}" height="${rowHeight - 4}" class="${highlight(peer) ? "ours" : "other"}"/>`,
        `<text x="${(labelWidth + length + 5).toFixed(1)}" y="${y + 12}" class="note">${note}</text>`,
      );
      y += rowHeight;
    }
    parts.push(
      `<line x1="${labelWidth + x(1)}" x2="${labelWidth + x(1)}" y1="${y - all.length * rowHeight}" y2="${y}"/>`,
    );
    y += 10;
  }
  const width = labelWidth + barWidth + noteWidth;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img">
<title>Messages a second, as ratios to grpc-js, logarithmic</title>
<style>
text { font: 11px system-ui, sans-serif; fill: #24292f; }
.head { font-weight: 600; font-size: 13px; }
.peer { text-anchor: end; }
.note { fill: #57606a; }
.ours { fill: #2f6feb; }
.other { fill: #afb8c1; }
line { stroke: #cf222e; stroke-dasharray: 3 2; }
</style>
<rect width="${width}" height="${y}" fill="#ffffff"/>
${parts.join("\n")}
</svg>
`;
}

function ratioOf(one: Outcome): number | undefined {
  return "error" in one ? undefined : one.ratio;
}

function escapeXml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}
