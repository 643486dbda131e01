export { type Grown, growSkeleton } from "./grow.js";
export { type SkeletonService, servicesIn, skeletonService } from "./skeleton-service.js";
