export type { AttemptPlan, PlanMaker, PlannedCall } from "./attempt-plan.js";
export { HedgingPlan } from "./hedging-plan.js";
export { type RetryLimits, type RetryOptions, retryLimits } from "./limits.js";
export { RetriedCall } from "./retried-call.js";
export { RetryPlan } from "./retry-plan.js";
export { RetryingCalls } from "./retrying.js";
export { RetryThrottle } from "./throttle.js";
