import { es } from "./es/stubs.js";
import type { StubLibrary } from "./stub-library.js";
import { tsProto } from "./ts-proto/stubs.js";

/** The libraries that stubs can stand on, the default first. `index.ts` has the generators of their messages. */
export const libraries: readonly [StubLibrary, ...StubLibrary[]] = [es, tsProto];
