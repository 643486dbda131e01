/**
 * What `gen-stubs-runtime` is outside of bundles. Bundlers take `index.bundled.ts` (condition "module"): the same exports, without
 * balancing and service configs, which a bundle has where the program imports `gen-stubs-runtime/balancing` or `/service-config`.
 */
import { connectMany } from "./connect-many.js";
import { optionalCode } from "./optional-code.js";
import { configured } from "./service-config-option.js";

optionalCode.connectMany = connectMany;
optionalCode.configured = configured;

export * from "./index.bundled.js";
