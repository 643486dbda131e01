import type { FileDescriptor } from "./descriptors.js";
import { GenerateError } from "./generate-error.js";

/** The range of `google.protobuf.Edition` that is understood. An edition's number is stable, its name is for messages only. */
export const minimumEdition = 998;
export const maximumEdition = 1002;

const names = new Map([
  [998, "proto2"],
  [999, "proto3"],
  [1000, "2023"],
  [1001, "2024"],
  [1002, "2026"],
  // Known by name, though outside the range: protoc has it behind a flag of its own.
  [9999, "unstable"],
]);

/** `proto2`, `proto3` or `edition 2023`. Throws where the edition is not one we know. */
export function syntaxName(file: FileDescriptor): string {
  if (file.syntax === "" || file.syntax === "proto2") return "proto2";
  if (file.syntax === "proto3") return "proto3";
  const known = file.syntax === "editions" && file.edition > 999 ? names.get(file.edition) : undefined;
  if (known !== undefined && file.edition <= maximumEdition) return `edition ${known}`;
  const given =
    file.syntax === "editions" ? `edition ${known ?? file.edition}` : `syntax ${JSON.stringify(file.syntax)}`;
  const range = `${names.get(minimumEdition)} to edition ${names.get(maximumEdition)}`;
  throw new GenerateError("unsupported-edition", `${given} is not supported; supported is ${range}`, {
    file: file.name,
  });
}
