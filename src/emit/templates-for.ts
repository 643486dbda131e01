import { templates as dts } from "./compiled/dts.js";
import { templates as js } from "./compiled/js.js";
import { templates as ts } from "./compiled/ts.js";
import type { Target, Templates } from "./template.js";

/** The compiled templates of a target. */
export function templatesFor(target: Target): Templates {
  return { ts, js, dts }[target];
}
