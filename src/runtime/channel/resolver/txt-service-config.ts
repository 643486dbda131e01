const PREFIX = "grpc_config=";

/** One choice of a service config in DNS (gRFC A2, "service config choice"). */
interface Choice {
  readonly clientLanguage?: readonly string[];
  readonly percentage?: number;
  readonly clientHostname?: readonly string[];
  readonly serviceConfig: unknown;
}

/** What we are called in `clientLanguage`: as grpc-js is. */
const LANGUAGE = "node";

/**
 * The first choice that is for us (gRFC A2): by language, by chance, and by the name of this machine.
 *
 * @param percent 0 to 100: a choice counts where its percentage is above it
 * @param hostname what this machine is called; undefined where that is not known
 * @throws Error where a record is no JSON, or no list of choices
 */
export function chooseServiceConfig(texts: readonly string[], percent: number, hostname?: string): unknown {
  const text = texts.find((candidate) => candidate.startsWith(PREFIX));
  if (text === undefined) return undefined;
  let choices: unknown;
  try {
    choices = JSON.parse(text.slice(PREFIX.length));
  } catch (cause) {
    throw new Error(`the service config in the TXT record is no JSON: ${text.slice(0, 100)}`, { cause });
  }
  if (!Array.isArray(choices) || !choices.every(isChoice)) {
    throw new Error("the service config in the TXT record is no list of choices, each with a serviceConfig");
  }
  return choices.find(
    ({ clientLanguage, percentage, clientHostname }) =>
      (clientLanguage === undefined || clientLanguage.some((language) => language.toLowerCase() === LANGUAGE)) &&
      (percentage === undefined || percent < percentage) &&
      (clientHostname === undefined || clientHostname.some((name) => name === hostname)),
  )?.serviceConfig;
}

function isChoice(value: unknown): value is Choice {
  if (typeof value !== "object" || value === null || !("serviceConfig" in value)) return false;
  const { clientLanguage, percentage, clientHostname } = value as Record<string, unknown>; // an object, as was seen
  return (
    isTexts(clientLanguage) && isTexts(clientHostname) && (percentage === undefined || typeof percentage === "number")
  );
}

function isTexts(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.every((item) => typeof item === "string"));
}
