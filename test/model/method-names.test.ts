import { describe, expect, test } from "vitest";
import { lowerCamel, methodNames } from "../../src/model/names/method-names.js";

test.for([
  ["GetFeature", "getFeature"],
  ["get_feature", "getFeature"],
  ["Get_Feature", "getFeature"],
  ["__proto__", "proto"],
  ["a__b_c_", "aBC"],
  ["HTTPGet", "hTTPGet"],
  ["x", "x"],
] as const)("%s is %s in lowerCamel", ([rpc, name]) => {
  expect(lowerCamel(rpc)).toBe(name);
});

describe("rpcs that want the same name", () => {
  test("get it by likeness, and keep their own spelling otherwise", () => {
    expect(methodNames(["Get_Foo", "GetFoo", "get_foo", "getFoo"])).toEqual(["get_Foo", "GetFoo", "get_foo", "getFoo"]);
    expect(methodNames(["get_foo", "GetFoo"])).toEqual(["get_foo", "getFoo"]);
    expect(methodNames(["get_foo"])).toEqual(["getFoo"]);
  });

  test("get it whatever their order", () => {
    const rpcs = ["Get_Foo", "GetFoo", "get_foo", "Other", "getFoo"];
    const names = new Map(rpcs.map((rpc, index) => [rpc, methodNames(rpcs)[index]]));
    const reversed = rpcs.toReversed();
    expect(new Map(reversed.map((rpc, index) => [rpc, methodNames(reversed)[index]]))).toEqual(names);
  });

  test("are told apart even where nothing of their own is left", () => {
    expect(methodNames(["A", "A", "a", "A"])).toEqual(["A", "a$", "a", "a$1"]);
  });
});

test("names that JavaScript calls by itself are escaped", () => {
  const rpcs = ["Then", "Constructor", "ToString", "valueOf", "to_json", "toJSON", "HasOwnProperty", "_", "__", "_1"];
  expect(methodNames(rpcs)).toEqual([
    "then$",
    "constructor$",
    "toString$",
    "valueOf$",
    "toJson",
    "toJSON$",
    "hasOwnProperty$",
    "_",
    "__",
    "_1",
  ]);
});

test("no name is one that every object has, whatever the rpcs", () => {
  const rpcs = [...Object.getOwnPropertyNames(Object.prototype), "__proto__", "_proto__", "proto", "Proto"];
  for (const name of methodNames(rpcs)) expect({}).not.toHaveProperty(name);
});
