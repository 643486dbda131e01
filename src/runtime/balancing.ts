/**
 * Policies of load balancing, for `connect(target, { loadBalancing: weighted(…) })`, and what policies and resolvers of your own are
 * made of. In a bundle, importing it also brings what `connect` needs for names, lists, resolvers and the options about servers.
 *
 * @example
 * ```ts
 * connect("dns:///weather.internal:50051", { loadBalancing: weighted(({ address }) => address.weight ?? 1) });
 * ```
 */
import { connectMany } from "./connect-many.js";
import { optionalCode } from "./optional-code.js";

optionalCode.connectMany = connectMany;

export { type HealthCheckOptions, withHealthCheck } from "./channel/balancer/health-check.js";
export { type LeastRequestOptions, leastRequest } from "./channel/balancer/least-request.js";
export type { LoadBalancer, LoadBalancerFactory, LoadBalancerHost } from "./channel/balancer/load-balancer.js";
export { withOutlierDetection } from "./channel/balancer/outlier-detection.js";
export type {
  FailurePercentageOptions,
  OutlierDetectionOptions,
  SuccessRateOptions,
} from "./channel/balancer/outlier-options.js";
export { type PickFirstOptions, pickFirst } from "./channel/balancer/pick-first.js";
export type { ReadyServer } from "./channel/balancer/ready-server.js";
export { type ReadySetPicker, readySet } from "./channel/balancer/ready-set.js";
export { roundRobin } from "./channel/balancer/round-robin.js";
export { type WeightOf, weighted } from "./channel/balancer/weighted.js";
export type { PolicyClock } from "./channel/clock.js";
export type { Resolver, ResolverFactory, ResolverListener, ResolverResult } from "./channel/resolver/resolver.js";
export type {
  Address,
  AddressFacts,
  Endpoint,
  PickedCall,
  Picker,
  PickResult,
  SocketAddress,
  Subchannel,
  SubchannelListener,
  TcpAddress,
  UnixAddress,
} from "./transport/routing.js";
export { addressName } from "./transport/routing.js";
