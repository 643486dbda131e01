/**
 * For generated code only. A later version of it will stand beside this one, so that files generated today keep working. Pages take
 * `codegen-v1.browser.ts` (condition "browser"): the same exports, without what prints diagnostics.
 */
import "./core/trace.js";

export * from "./codegen-v1.browser.js";
