import { GenerateError } from "../../model/generate-error.js";

/**
 * What ts-proto's options change in the names and places of messages, as of ts-proto 2.18. All others change what is in
 * a message only, which stubs take from the types of the message.
 */
export interface TsProtoOptions {
  /** `snakeToCamel`: `Get_foo` becomes `GetFoo`. */
  readonly camelNames: boolean;
  /** `useSnakeTypeName`: what stands between the names of a nested message and its parent. */
  readonly nestingMark: "_" | "";
  /** `typePrefix` and `messagePrefix`, `messageSuffix` and `typeSuffix`. */
  readonly prefix: string;
  readonly suffix: string;
  /** `fileSuffix`: `.pb` for `guide.pb.ts`. */
  readonly fileSuffix: string;
  /** Whether options leave out some of what each file has, so that fewer names are taken. */
  readonly leavesOut: boolean;
}

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
