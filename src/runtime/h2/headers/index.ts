/** What makes received headers malformed: {@link https://www.rfc-editor.org/rfc/rfc9113#section-8 | RFC 9113, section 8}. */
export { contentLengthOf } from "./content-length.js";
export { type RequestRules, requestFault, responseFault, trailersFault } from "./header-faults.js";
