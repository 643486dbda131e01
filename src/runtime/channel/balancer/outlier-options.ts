import { type OptionNames, refuseUnknown } from "../../core/known-options.js";

/** When a server is not given calls for a while because its calls fail (gRFC A50). Percentages are 0 to 100. */
export interface OutlierDetectionOptions {
  /** Milliseconds from one look at the counts to the next. Default 10000. */
  readonly intervalMs?: number | undefined;
  /** Milliseconds of the first ejection; the next one is twice that, and so on. Default 30000. */
  readonly baseEjectionTimeMs?: number | undefined;
  /** The longest ejection in milliseconds, or the base where that is longer. Default 300000. */
  readonly maxEjectionTimeMs?: number | undefined;
  /** How many of the servers may be ejected at a time; one may be in any case. Default 10. */
  readonly maxEjectionPercent?: number | undefined;
  /** Eject servers whose share of good calls is far below the others'. Default: not. */
  readonly successRate?: SuccessRateOptions | undefined;
  /** Eject servers of whose calls more than a share fail. Default: `{}` where no successRate is given. */
  readonly failurePercentage?: FailurePercentageOptions | undefined;
}

/** Which servers are too far from the mean of all. */
export interface SuccessRateOptions {
  /** Thousandths of the standard deviation that a server may be below the mean. Default 1900. */
  readonly stdevFactor?: number | undefined;
  /** The chance that one who is found too bad is ejected. Default 100. */
  readonly enforcementPercentage?: number | undefined;
  /** How many servers must have {@link requestVolume}. Default 5. */
  readonly minimumHosts?: number | undefined;
  /** Calls in the interval from which on a server counts. Default 100. */
  readonly requestVolume?: number | undefined;
}

/** Which servers fail too often. */
export interface FailurePercentageOptions {
  /** More failures than this are too many. Default 85. */
  readonly threshold?: number | undefined;
  /** The chance that one who is found too bad is ejected. Default 100. */
  readonly enforcementPercentage?: number | undefined;
  /** How many servers must have {@link requestVolume}. Default 5. */
  readonly minimumHosts?: number | undefined;
  /** Calls in the interval from which on a server counts. Default 50. */
  readonly requestVolume?: number | undefined;
}

type Resolved<Options> = { readonly [Name in keyof Options]-?: number };

/** {@link OutlierDetectionOptions} with the defaults of gRFC A50. */
export interface OutlierRules {
  readonly intervalMs: number;
  readonly baseEjectionTimeMs: number;
  readonly maxEjectionTimeMs: number;
  readonly maxEjectionPercent: number;
  readonly successRate: Resolved<SuccessRateOptions> | undefined;
  readonly failurePercentage: Resolved<FailurePercentageOptions> | undefined;
}

const NAMES: OptionNames<OutlierDetectionOptions> = {
  intervalMs: true,
  baseEjectionTimeMs: true,
  maxEjectionTimeMs: true,
  maxEjectionPercent: true,
  successRate: true,
  failurePercentage: true,
};

const SUCCESS_RATE = { stdevFactor: 1900, enforcementPercentage: 100, minimumHosts: 5, requestVolume: 100 };
const FAILURE_PERCENTAGE = { threshold: 85, enforcementPercentage: 100, minimumHosts: 5, requestVolume: 50 };

/** @throws TypeError for an unknown option, or a value that is no number from 0 on */
export function resolveOutlierOptions(options: OutlierDetectionOptions): OutlierRules {
  refuseUnknown(options, NAMES, "outlierDetection");
  const { successRate, failurePercentage = successRate === undefined ? {} : undefined, ...times } = options;
  const defaults = {
    intervalMs: 10_000,
    baseEjectionTimeMs: 30_000,
    maxEjectionTimeMs: 300_000,
    maxEjectionPercent: 10,
  };
  return {
    ...withDefaults("outlierDetection", times, defaults),
    successRate: successRate && withDefaults("outlierDetection.successRate", successRate, SUCCESS_RATE),
    failurePercentage:
      failurePercentage && withDefaults("outlierDetection.failurePercentage", failurePercentage, FAILURE_PERCENTAGE),
  };
}

function withDefaults<Name extends string>(
  what: string,
  given: Readonly<Partial<Record<Name, number | undefined>>>,
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const names = Object.fromEntries(Object.keys(defaults).map((name) => [name, true as const]));
  refuseUnknown(given, names, what);
  const result: Record<Name, number> = { ...defaults };
  for (const name of Object.keys(defaults) as Name[]) {
    // its own names
    const value = given[name];
    if (value === undefined) continue;
    if (typeof value !== "number" || !(value >= 0))
      throw new TypeError(`${what}.${name} must be a number from 0 on: ${value}`);
    if (/percent|threshold/i.test(name) && value > 100)
      throw new TypeError(`${what}.${name} is a percentage, 0 to 100: ${value}`);
    result[name] = value;
  }
  return result;
}
