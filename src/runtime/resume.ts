/** Streams that outlive their servers: another call is made where one was lost, and no message comes twice or is left out. */
export type { AttemptOptions, ResumeEvent, ResumeOptions, ResumeToken } from "./resume/resume-options.js";
export { resume } from "./resume/resumed-reader.js";
export type { ResumeAction, StatusActions, StatusName } from "./resume/status-actions.js";
