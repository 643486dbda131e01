import { describe, expect, test } from "vitest";
import { type Grown, growSkeleton } from "../../src/skeleton/grow.js";
import { type SkeletonService, servicesIn, skeletonService } from "../../src/skeleton/skeleton-service.js";
import { compile, request } from "../plugin/request.js";

const messages = "message Place {}\nmessage Reading {}\n";
const rpcs = {
  now: "  // What it is like.\n  rpc Now(Place) returns (Reading);\n",
  watch: "  rpc Watch(Place) returns (stream Reading);\n",
  report: "  rpc Report(stream Reading) returns (Place);\n",
  chat: "  rpc Chat(stream Reading) returns (stream Reading);\n",
};

function weather(...names: readonly (keyof typeof rpcs)[]): SkeletonService {
  const text = names.map((name) => rpcs[name]).join("");
  const files = compile({
    "weather.proto": `syntax = "proto3";\npackage weather.v1;\nservice Weather {\n${text}}\n${messages}`,
  });
  const asked = request(files, "import_extension=js");
  const file = servicesIn(asked).get("weather.v1.Weather")!;
  return skeletonService(asked, "weather.v1.Weather", file, (module) => module.replace("./", "./gen/"));
}

const one = weather("now");
const grownUp = weather("now", "watch", "report", "chat");

function grow(service: SkeletonService, text: string | undefined, style: "class" | "object" = "class"): Grown {
  const grown = growSkeleton(service, text, { style, shown: "src/weather.ts" });
  // A second run has nothing to say, whatever the first did.
  const again = growSkeleton(service, grown.text, { style, shown: "src/weather.ts" });
  expect(again).toEqual({ text: grown.text, target: grown.target, created: false, added: [], removed: [] });
  return grown;
}

/** What was added to a text, by line; fails where anything else was done to it. */
function additions(before: string, after: string): readonly string[] {
  const rest = before.split("\n");
  const added: string[] = [];
  for (const line of after.split("\n")) {
    if (line === rest[0]) rest.shift();
    else added.push(line);
  }
  expect(rest, "lines of the user's that are no longer there").toEqual([]);
  return added;
}

describe("a file that is not there", () => {
  test("becomes a class, with all that it needs", () => {
    const { text, ...report } = grow(one, undefined);
    expect(report).toEqual({ target: "class WeatherImplementation", created: true, added: ["now"], removed: [] });
    expect(text).toBe(
      `import type { MessageInitShape } from "@bufbuild/protobuf";
import { RpcError, type ServerCall, status } from "gen-stubs-runtime";
import type { WeatherHandlers } from "./gen/weather_grpc.js";
import type { Place, Reading, ReadingSchema } from "./gen/weather_pb.js";
`.replace("Place, Reading, ", "Place, ") +
        `
type ReadingInit = MessageInitShape<typeof ReadingSchema>;

/** Implements \`weather.v1.Weather\`: \`server.add(WeatherService, new WeatherImplementation())\`. */
export class WeatherImplementation implements WeatherHandlers {
  /**
   * What it is like.
   *
   * Implements rpc weather.v1.Weather.Now
   */
  async now(_request: Place, _call: ServerCall): Promise<ReadingInit> {
    // TODO: return the response.
    throw new RpcError(status.UNIMPLEMENTED, "weather.v1.Weather.Now is not implemented");
  }
}
`,
    );
  });

  test("an empty service is an empty class, which grows", () => {
    const { text } = grow(weather(), undefined);
    expect(text).toContain("implements WeatherHandlers {}\n");
    expect(grow(grownUp, text)).toMatchObject({ created: false, added: ["now", "watch", "report", "chat"] });
    expect(grow(grownUp, grow(weather(), undefined, "object").text).added).toHaveLength(4);
  });
});

describe("a file with other things in it", () => {
  test("gets the class behind them, and keeps its names", () => {
    const before = `#!/usr/bin/env node
"use strict";
// A licence.

/** Mine. */
const status = 1, { Place: { RpcError } } = x;
class WeatherImplementation {}
`;
    const { text } = grow(one, before);
    expect(additions(before, text).join("\n")).toContain(
      "import { RpcError as RpcError$, type ServerCall, status as status$ }",
    );
    expect(text).toMatch(/^#!.*\n"use strict";\n\/\/ A licence\.\n\nimport type/);
    expect(text).toContain("export class WeatherImplementation$ implements WeatherHandlers {");
    expect(text).toContain("_request: Place$,");
    expect(text).toContain("throw new RpcError$(status$.UNIMPLEMENTED,");
  });

  test("is not written to where it does not parse", () => {
    expect(() => growSkeleton(one, "class A {\n\tnow( {\n", { style: "class", shown: "src/a.ts" })).toThrow(
      expect.objectContaining({
        faults: [expect.objectContaining({ code: "GS7001", file: "src/a.ts", line: expect.any(Number) })],
      }),
    );
  });
});

describe("a class that is there", () => {
  const mine = `import { RpcError, status, type ServerCall } from 'gen-stubs-runtime'
import type * as stubs from './gen/weather_grpc'
import {
    type Place,
    type Reading as R,
} from './gen/weather_pb'

export default class Mine implements stubs.WeatherHandlers {
    #count = 0   // calls

    async now( _: Place , call : ServerCall ) { this.#count ++
        return { } } // odd, but mine

    helper = () => 'x'
}
export { Mine }
`;

  test("gets new methods in the order of the schema, in its own style, and nothing else changes", () => {
    const { text, ...report } = grow(grownUp, mine);
    expect(report).toEqual({ target: "class Mine", created: false, added: ["watch", "report", "chat"], removed: [] });
    expect(text).toBe(
      mine
        .replace("type ServerCall }", "type ServerCall, type ServerWriter, type ServerReader, type ServerDuplex }")
        .replace(
          "    type Reading as R,\n} from './gen/weather_pb'\n",
          "    type Reading as R,\n    type ReadingSchema,\n    type PlaceSchema,\n} from './gen/weather_pb'\n" +
            "import type { MessageInitShape } from '@bufbuild/protobuf'\n\n" +
            "type ReadingInit = MessageInitShape<typeof ReadingSchema>\ntype PlaceInit = MessageInitShape<typeof PlaceSchema>\n",
        )
        .replace(
          "// odd, but mine\n",
          `// odd, but mine

    /** Implements rpc weather.v1.Weather.Watch */
    async watch(_request: Place, _call: ServerWriter<ReadingInit>): Promise<void> {
        // TODO: await call.send(…) for each message; the stream ends when this returns.
        throw new RpcError(status.UNIMPLEMENTED, 'weather.v1.Weather.Watch is not implemented')
    }

    /** Implements rpc weather.v1.Weather.Report */
    async report(_call: ServerReader<R, PlaceInit>): Promise<PlaceInit> {
        // TODO: for await (const message of call) …; then return the response.
        throw new RpcError(status.UNIMPLEMENTED, 'weather.v1.Weather.Report is not implemented')
    }

    /** Implements rpc weather.v1.Weather.Chat */
    async chat(_call: ServerDuplex<R, ReadingInit>): Promise<void> {
        // TODO: for await (const message of call) …; await call.send(…) as often as you like.
        throw new RpcError(status.UNIMPLEMENTED, 'weather.v1.Weather.Chat is not implemented')
    }
`,
        ),
    );
  });

  test("with CRLF, a byte order mark and tabs keeps them", () => {
    const tabs = `\uFEFF${mine.replaceAll("    ", "\t").replaceAll("\n", "\r\n")}`;
    const { text } = grow(grownUp, tabs);
    expect(text.startsWith("\uFEFFimport")).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
    expect(text).toContain("\r\n\tasync watch(");
    additions(tabs.replace(/^.*\r\n/, ""), text.replace(/^.*\r\n/, ""));
  });

  test("finds methods in every form", () => {
    const { text, added } = grow(
      grownUp,
      `import { UnimplementedWeather } from "./gen/weather_grpc.js";
class Base { "report"() {} }
class Mine extends UnimplementedWeather {
  override now = async () => ({});
  get watch() { return async () => {}; }
  ["chat"](): void {}
}
`,
    );
    expect(added).toEqual(["report"]);
    expect(text).toContain("\n\n  /** Implements rpc weather.v1.Weather.Report */\n  override async report(");
  });

  test("counts what a base class in the file brings, and does not guess at others", () => {
    const file = (base: string) => `import type { WeatherHandlers } from "@/gen/weather_grpc";
class Base { now() {} }
export class Mine extends ${base} implements WeatherHandlers {
  watch() {}
}
`;
    expect(grow(grownUp, file("Base")).added).toEqual(["report", "chat"]);
    const message = "class Mine has no now, report, chat; Other may bring them, which cannot be told from this file";
    expect(() => growSkeleton(grownUp, file("Other"), { style: "class", shown: "a.ts" })).toThrow(message);
    expect(() => growSkeleton(grownUp, file("mixin(Base)"), { style: "class", shown: "a.ts" })).toThrow("mixin(Base)");
    expect(growSkeleton(weather("watch"), file("Other"), { style: "class", shown: "a.ts" }).added).toEqual([]);
  });

  test("twice is once too often", () => {
    const file = `import type { WeatherHandlers } from "./gen/weather_grpc.js";
class A implements WeatherHandlers {}
class B implements WeatherHandlers {}
`;
    expect(() => growSkeleton(one, file, { style: "class", shown: "a.ts" })).toThrow(
      "both class A and class B (line 3)",
    );
  });

  test.for([
    ["{}", "{\n  /**"],
    ["{ }", "{\n  /**"],
    ["{\n}", "{\n  /**"],
    ["{\n  // mine\n}", "{\n  // mine\n\n  /**"],
    ["{ x = 1; }", "{ x = 1;\n\n  /**"],
  ])("with a body of %j grows", ([body, start]) => {
    const before = `import type { WeatherHandlers } from "./gen/weather_grpc.js";\nclass A implements WeatherHandlers ${body}\n`;
    expect(grow(one, before).text).toContain(`class A implements WeatherHandlers ${start}`);
  });
});

describe("an object that is there", () => {
  const start = `import { RpcError, status } from "gen-stubs-runtime";
import { type WeatherHandlers, WeatherService } from "./gen/weather_grpc.js";
`;

  test.for([
    ["const a: WeatherHandlers = {\n  now, // mine\n};\n", "  now, // mine\n\n  /** Implements", "  },\n};\n"],
    ["const a: WeatherHandlers = {\n  now // mine\n};\n", "  now, // mine\n\n  /** Implements", "  }\n};\n"],
    [
      "const a = {\n  now() {},\n} satisfies WeatherHandlers;\n",
      "  now() {},\n\n  /** Implements",
      "  },\n} satisfies",
    ],
    ["server.add(WeatherService, {\n  async now() {}\n});\n", "  async now() {},\n\n  /** Implements", "  }\n});\n"],
    ["const a: WeatherHandlers = {};\nvoid a;\n", "{\n  /**", "  },\n};\nvoid a;\n"],
  ])("grows: %j", ([object, middle, end]) => {
    const { text } = grow(grownUp, start + object, "object");
    expect(text.startsWith(start)).toBe(true);
    expect(text).toContain(middle);
    expect(text).toContain(end);
    expect(text).toContain("  async chat(_call) {\n");
  });

  test("with a spread is left to its author", () => {
    const object = "const a: WeatherHandlers = {\n  ...others,\n};\n";
    expect(() => growSkeleton(one, start + object, { style: "object", shown: "a.ts" })).toThrow(
      "...others may bring them",
    );
  });
});

describe("rpcs that are gone", () => {
  test("are marked once, and the mark goes when they are back", () => {
    const before = grow(grownUp, undefined).text;
    const { text, removed, added } = grow(weather("now", "chat"), before);
    expect({ removed, added }).toEqual({ removed: ["watch", "report"], added: [] });
    expect(additions(before, text)).toEqual([
      "  // weather.v1.Weather.Watch is no longer an rpc of weather.proto.",
      "  // weather.v1.Weather.Report is no longer an rpc of weather.proto.",
    ]);
    expect(grow(grownUp, text).text).toBe(before);
  });

  test("are told from methods of the user's own", () => {
    const file = grow(one, undefined).text.replace("export class", "class").replace("  async now", "  async now");
    const helper = file.replace(/\}\n$/, "\n  /** Implements rpc other.v1.Weather.Now */\n  helper() {}\n}\n");
    expect(grow(one, helper)).toMatchObject({ text: helper, removed: [] });
  });
});
