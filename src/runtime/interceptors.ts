/** Interceptors that most services want, each a few lines over the public API. */
export { deadlineDefault, type RequireDeadlineOptions, requireDeadline } from "./interceptors/deadlines.js";
export { errorMapper } from "./interceptors/error-mapper.js";
export { forMethods } from "./interceptors/for-methods.js";
export { type Logging, type LoggingOptions, logging } from "./interceptors/logging.js";
