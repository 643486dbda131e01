import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../support/packed.js";

const api = join(repository, "api");

/** What generated code alone imports, and people do not read. */
const forGeneratedCode = /\.codec-es-v1\.api\.md$/;
/** Shapes of requests and responses that our own stubs declare, and do not export. */
const generated = /^(?:declare )?type \w+Init(?:_\d+)? = /;

test.each(readdirSync(api).filter((file) => !forGeneratedCode.test(file)))(
  "api/%s: everything public has TSDoc",
  (file) => {
    const lines = readFileSync(join(api, file), "utf8").split("\n");
    const undocumented = lines
      .flatMap((line, index) => (line.includes("(undocumented)") ? [(lines[index + 1] ?? "").trim()] : []))
      .filter((declaration) => !generated.test(declaration));
    expect(undocumented).toEqual([]);
  },
);
