/** Messages are checked by the rules of their .proto files (`buf.validate`). Needs `@bufbuild/protovalidate`. */
export { type ValidateOptions, type Validation, validate } from "./validation/validate.js";
