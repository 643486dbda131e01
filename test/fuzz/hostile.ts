/** What a request can be filled with that no protoc would write. */
import fc, { type Arbitrary } from "fast-check";

const words =
  "__proto__ constructor prototype hasOwnProperty toString valueOf then toJSON class default await new delete void any never " +
  "undefined unknown string number object symbol infer keyof as Promise Error Array Map Symbol Uint8Array AsyncIterable Client " +
  "Server Metadata Channel RpcError CallOptions FooClient FooService FooHandlers UnimplementedFoo Service Codec es tsProto unary " +
  "Get_Foo GetFoo get_foo getFoo _ __ _1 $ Foo foo FOO Fo_o Date Function";

const evil = [
  "",
  " ",
  "1x",
  "a b",
  "a.b",
  "a-b",
  'a"b',
  "a'b",
  "a`b",
  "a\\b",
  "*/ export const evil = 1; /*",
  "$\u007bevil()}",
  "`$\u007bevil()}`",
  "a\nb",
  "a\r\nb",
  "a\u2028b",
  "a\0b",
  "\ufeff",
  "\u202e",
  "ünï",
  "名前",
  "𝒳",
  "\ud800",
  "//",
  "<!--",
  "#!x",
  "{",
  "}",
  "();",
  "a".repeat(2000),
];

const paths = [
  "a.proto",
  "b.proto",
  "A.proto",
  "dir/a.proto",
  "dir/sub dir/b-c.d.proto",
  "a",
  ".proto",
  "a.proto.proto",
  "x_grpc.proto",
  "../a.proto",
  "a/../../b.proto",
  "./a.proto",
  "a//b.proto",
  "/etc/passwd.proto",
  "//host/share.proto",
  "C:/a.proto",
  "c:a.proto",
  "..\\a.proto",
  "a\\..\\b.proto",
  "a\0.proto",
  "a\n.proto",
  "con.proto",
  "__proto__",
  "constructor.proto",
  "-o.proto",
  "ünï.proto",
  "u\u0308ni\u0308.proto",
  "google/protobuf/empty.proto",
  "google/protobuf/../../../a.proto",
];

const parameters = [
  ...["target=ts", "target=js", "target=dts", "target=js+dts", "target=ts+js+dts", "target=", "target=coffee"],
  ...[
    "messages=es",
    "messages=ts_proto",
    "ts_proto_opt=snakeToCamel=false",
    "ts_proto_opt=typePrefix=*/",
    "ts_proto_opt",
  ],
  ...["ts_proto_opt=fileSuffix=/../../x", "ts_proto_opt=messageSuffix= = evil(); //", "ts_proto_opt=onlyTypes=true"],
  ...["import_extension=js", "import_extension=none", "import_extension=../", "client=false", "server=false", "client"],
  ...[
    "keep_empty_files=true",
    "ts_nocheck=true",
    "rewrite_imports=./**/*:../x/",
    "rewrite_imports=**:`",
    "rewrite_imports",
    "map_imports=**/(a+)+:$1",
  ],
  ...['Ma.proto="; evil(); "', "Ma.proto=./x\n.js", "Mb.proto=@a/b", "M=x", "M", "__proto__=1", "=", ",,,"],
];

export const identifier: Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...words.split(" ")) },
  { weight: 30, arbitrary: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/) },
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom(...evil), fc.string()) },
);

export const text: Arbitrary<string> = fc.oneof(fc.constantFrom(...evil), fc.string({ unit: "binary" }));

export const packageName: Arbitrary<string> = fc.oneof(
  {
    weight: 40,
    arbitrary: fc.constantFrom("", "a", "a.b", "acme.v1", "google.protobuf", "constructor", "__proto__.class"),
  },
  { weight: 1, arbitrary: fc.array(identifier, { maxLength: 4 }).map((parts) => parts.join(".")) },
);

export const path: Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom("a.proto", "b.proto", "c/d.proto") },
  { weight: 2, arbitrary: fc.constantFrom(...paths) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom("..", ".", "", "a", "b", "C:", "\\", "\0"), { maxLength: 5 })
      .map((parts) => `${parts.join("/")}.proto`),
  },
);

export const parameter: Arbitrary<string> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc
      .subarray(["messages=ts_proto", "import_extension=js", "target=ts+js+dts"])
      .map((parts) => parts.join(",")),
  },
  { weight: 2, arbitrary: fc.array(fc.constantFrom(...parameters), { maxLength: 3 }).map((parts) => parts.join(",")) },
  { weight: 1, arbitrary: text },
);
