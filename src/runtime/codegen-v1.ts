/**
 * For generated code only. A later version of it will stand beside this one, so that files generated today keep working. Pages take
 * `codegen-v1.browser.ts` (condition "browser"): the same exports, without what tells of calls and prints what is told, as pages have
 * none of Node's diagnostics.
 */
import "./call/client/observed-stream.js";
import "./core/trace.js";

export * from "./codegen-v1.browser.js";
