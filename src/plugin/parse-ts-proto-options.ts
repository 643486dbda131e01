import type { TsProtoOptions } from "../emit/ts-proto-options.js";
import { GenerateError } from "../model/generate-error.js";

type Given = ReadonlyMap<string, string>;

/**
 * Reads ts-proto's options as it does itself: nothing but the exact words `true` and `false` is a boolean, and what
 * it does not know it ignores. Throws where messages would come without what stubs call.
 */
export function parseTsProtoOptions(given: Given): TsProtoOptions {
  checkMethods(given);
  const text = (name: string) => given.get(name) ?? "";
  const snakeToCamel = given.get("snakeToCamel") ?? "true";
  return {
    camelNames: snakeToCamel === "true" || snakeToCamel.split("_").includes("keys"),
    nestingMark: given.get("useSnakeTypeName") === "false" ? "" : "_",
    prefix: text("typePrefix") + text("messagePrefix"),
    suffix: text("messageSuffix") + text("typeSuffix"),
    fileSuffix: text("fileSuffix"),
    leavesOut: ["useExactTypes", "outputPartialMethods", "outputJsonMethods"].some(
      (name) => (given.get(name) ?? "true") !== "true",
    ),
  };
}

/** `importSuffix`, as our `import_extension`: undefined where it was not given. */
export function extensionOf(given: Given): string | undefined {
  return given.get("importSuffix");
}

function checkMethods(given: Given): void {
  const without =
    given.get("onlyTypes") === "true"
      ? "onlyTypes=true"
      : (given.get("outputEncodeMethods") ?? "true") !== "true"
        ? `outputEncodeMethods=${given.get("outputEncodeMethods")}`
        : given.get("nestJs") === "true" && !given.has("outputEncodeMethods") && !given.has("outputServices")
          ? "nestJs=true"
          : undefined;
  if (without === undefined) return;
  throw new GenerateError(
    "bad-option-value",
    `option ts_proto_opt=${without}: stubs call encode and decode of each message, which ts-proto then leaves out`,
  );
}
