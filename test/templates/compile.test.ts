// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of templates are what is tested
import { describe, expect, test } from "vitest";
import { compileStatement, templateStatements } from "../../scripts/templates/compile-statement.js";
import { render, type Target } from "../../scripts/templates/render.js";

describe("a template", () => {
  test("becomes a literal with a value for each placeholder, and knows what it imports and uses", () => {
    const [call] = compile('import { type T, f } from "pkg";\nexport const $Name: T = f($codec, "$path");\n');
    expect(call!.name).toBe("Name");
    expect(call!.open).toEqual({
      literal: "export const ${b.Name}: T = f(${b.codec}, ${quote(b.path)});",
      imports: [
        { module: "pkg", name: "T", typeOnly: true },
        { module: "pkg", name: "f", typeOnly: false },
      ],
      uses: ["Name", "codec", "path"],
    });
  });

  test("has its doc comment laid out when it is emitted, with whole lines of comments", () => {
    const [statement] = compile("/**\n * $comments\n *\n * Of `$typeName`.\n */\nexport interface $I {}\n");
    expect(statement!.open.literal).toBe(
      '${doc("", [...b.comments, ``, `Of \\`${b.typeName}\\`.`])}export interface ${b.I} {}',
    );
  });

  test("is rendered as JavaScript without its types, and as declarations without its bodies", () => {
    const text = "export class $C {\n  readonly #a: number;\n\n  constructor(a: number) {\n    this.#a = a;\n  }\n}\n";
    const [js] = compile(text, "js");
    expect(js!.open.literal).toBe("export class ${b.C} {\n  #a;\n\n  constructor(a) {\n    this.#a = a;\n  }\n}");
    const [dts] = compile(text, "dts");
    expect(dts!.open.literal).toBe("export declare class ${b.C} {\n  #private;\n\n  constructor(a: number);\n}");
    expect(compile("export interface $I {}\n", "js")).toEqual([]);
  });

  test("does not keep back quotes or backslashes as they are", () => {
    const [statement] = compile("export const $a = `\\n`;\n");
    expect(statement!.open.literal).toBe("export const ${b.a} = \\`\\\\n\\`;");
  });
});

describe("the build ends", () => {
  test("with the place of a placeholder that nothing can be bound to", () => {
    expect(() => compile("export const $a = 1; \nexport const $b = /$unbound/;\n")).toThrow(
      /template\.ts:2:\d+: unbound placeholder \$unbound/,
    );
  });

  test("where a kind of rpc is missing", () => {
    expect(() => compile("export interface $I {\n  $unary(): void;\n  $serverStreaming(): void;\n}\n")).toThrow(
      "$I has no member for client_streaming",
    );
  });
});

function compile(text: string, target: Target = "ts") {
  const written = render("template.ts", text, "ts");
  return templateStatements(render("template.ts", text, target), written).map((one) => compileStatement(one, written));
}
