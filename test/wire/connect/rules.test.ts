import { describe, expect, test } from "vitest";
import { DETAILS_KEY, packDetails, packedDetails } from "../../../src/runtime/core/error-details.js";
import { Metadata } from "../../../src/runtime/core/metadata.js";
import { status } from "../../../src/runtime/core/status.js";
import { codeOfConnectName, connectCodeName, httpOfConnectCode } from "../../../src/runtime/wire/connect/codes.js";
import { connectContentType, parseConnectContentType } from "../../../src/runtime/wire/connect/content-type.js";
import { decodeEndStream, encodeEndStream } from "../../../src/runtime/wire/connect/end-stream.js";
import { errorFromJson, errorToJson } from "../../../src/runtime/wire/connect/error-json.js";
import { formatGetQuery, parseGetQuery } from "../../../src/runtime/wire/connect/get-query.js";
import { formatConnectTimeout, parseConnectTimeout } from "../../../src/runtime/wire/connect/timeout.js";
import { putTrailerHeaders, readTrailerHeaders } from "../../../src/runtime/wire/connect/trailer-headers.js";
import { statusOfHttp } from "../../../src/runtime/wire/status-mapping.js";

const bytes = (...values: number[]) => Uint8Array.from(values);
const json = (value: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(value));
const utf8 = (text: string) => new TextEncoder().encode(text);

// Connect protocol reference, "Error Codes"
const codes: [status, string, number][] = [
  [status.CANCELLED, "canceled", 499],
  [status.UNKNOWN, "unknown", 500],
  [status.INVALID_ARGUMENT, "invalid_argument", 400],
  [status.DEADLINE_EXCEEDED, "deadline_exceeded", 504],
  [status.NOT_FOUND, "not_found", 404],
  [status.ALREADY_EXISTS, "already_exists", 409],
  [status.PERMISSION_DENIED, "permission_denied", 403],
  [status.RESOURCE_EXHAUSTED, "resource_exhausted", 429],
  [status.FAILED_PRECONDITION, "failed_precondition", 400],
  [status.ABORTED, "aborted", 409],
  [status.OUT_OF_RANGE, "out_of_range", 400],
  [status.UNIMPLEMENTED, "unimplemented", 501],
  [status.INTERNAL, "internal", 500],
  [status.UNAVAILABLE, "unavailable", 503],
  [status.DATA_LOSS, "data_loss", 500],
  [status.UNAUTHENTICATED, "unauthenticated", 401],
];

describe("codes", () => {
  test.each(codes)("%i is %s and HTTP %i", (code, name, http) => {
    expect(connectCodeName(code)).toBe(name);
    expect(codeOfConnectName(name)).toBe(code);
    expect(httpOfConnectCode(code)).toBe(http);
  });

  test.each(["ok", "", "NOT_FOUND", "cancelled", 5, undefined, null])("%j is no name of a code", (name) => {
    expect(codeOfConnectName(name)).toBeUndefined();
  });

  // Connect protocol reference, "HTTP to Error Code"
  test.each([
    [400, status.INTERNAL],
    [401, status.UNAUTHENTICATED],
    [403, status.PERMISSION_DENIED],
    [404, status.UNIMPLEMENTED],
    [429, status.UNAVAILABLE],
    [502, status.UNAVAILABLE],
    [503, status.UNAVAILABLE],
    [504, status.UNAVAILABLE],
    [200, status.UNKNOWN],
    [302, status.UNKNOWN],
    [500, status.UNKNOWN],
  ])("HTTP %i is %i", (http, code) => {
    expect(statusOfHttp(http)).toBe(code);
  });
});

describe("errors", () => {
  const metadata = new Metadata();
  metadata.set(DETAILS_KEY, packDetails(5, "gone", [{ typeName: "a.v1.Detail", value: bytes(1, 255) }]));
  const error = { code: status.NOT_FOUND, details: "gone", metadata };

  test("code, text and details go out", () => {
    const expected = { code: "not_found", message: "gone", details: [{ type: "a.v1.Detail", value: "Af8" }] };
    expect(errorToJson(error)).toEqual(expected);
    expect(errorToJson({ code: status.UNKNOWN, details: "", metadata: new Metadata() })).toEqual({ code: "unknown" });
  });

  test("and come back", () => {
    const back = errorFromJson(errorToJson(error), status.UNKNOWN);
    expect(back).toMatchObject({ code: status.NOT_FOUND, details: "gone" });
    expect(packedDetails(back.metadata)).toEqual([{ typeName: "a.v1.Detail", value: Buffer.from([1, 255]) }]);
  });

  test.each([
    [{ code: "nonsense", message: "m" }, status.UNAVAILABLE, "m"],
    [{ message: 5 }, status.UNAVAILABLE, ""],
    ["text", status.UNAVAILABLE, ""],
    [null, status.UNAVAILABLE, ""],
    [{ code: "aborted", details: [{ type: 1 }, null, "x"] }, status.ABORTED, ""],
  ])("%j has a code nevertheless", (given, code, details) => {
    const result = errorFromJson(given, status.UNAVAILABLE);
    expect([result.code, result.details, result.metadata.size]).toEqual([code, details, 0]);
  });
});

describe("the end of a stream", () => {
  test("OK without trailers is an empty object", () => {
    expect(json(encodeEndStream({ code: status.OK, details: "", metadata: new Metadata() }))).toEqual({});
  });

  test("error and trailers, there and back", () => {
    const metadata = new Metadata();
    metadata.add("x-a", "1");
    metadata.add("x-a", "2");
    metadata.add("x-bin", bytes(251, 240));
    metadata.add("grpc-status", "9");
    const end = encodeEndStream({ code: status.ABORTED, details: "no", metadata });
    const expected = { error: { code: "aborted", message: "no" }, metadata: { "x-a": ["1", "2"], "x-bin": ["+/A"] } };
    expect(json(end)).toEqual(expected);
    const back = decodeEndStream(end);
    expect([back.code, back.details, back.metadata.get("x-a")]).toEqual([status.ABORTED, "no", ["1", "2"]]);
    expect(back.metadata.get("x-bin")).toEqual([Buffer.from([251, 240])]);
  });

  test.each([
    ["", status.INTERNAL],
    ["[]", status.INTERNAL],
    ["null", status.INTERNAL],
    ["{}", status.OK],
    ['{"error":{}}', status.UNKNOWN],
    ['{"error":{"code":"internal"}}', status.INTERNAL],
    ['{"metadata":{"__proto__":["x"],"a b":["x"]}}', status.OK],
  ])("%s ends with %i", (text, code) => {
    expect(decodeEndStream(utf8(text)).code).toBe(code);
  });

  test("a key named like a property of every object is a key", () => {
    const metadata = new Metadata();
    metadata.add("__proto__", "x");
    const end = encodeEndStream({ code: status.OK, details: "", metadata });
    expect(decodeEndStream(end).metadata.get("__proto__")).toEqual(["x"]);
  });
});

test.each([
  [0, "0"],
  [0.2, "1"],
  [1500, "1500"],
  [1e15, "9999999999"],
  [-1, "0"],
])("a timeout of %i ms is sent as %s", (ms, header) => {
  expect(formatConnectTimeout(ms)).toBe(header);
});

test.each([
  ["0", 0],
  ["9999999999", 9_999_999_999],
  ["", undefined],
  ["-1", undefined],
  ["1.5", undefined],
  ["10s", undefined],
  ["12345678901", undefined],
])("the timeout %s is %s ms", (header, ms) => {
  expect(parseConnectTimeout(header)).toBe(ms);
});

test.each([
  ["application/proto", { format: "proto", streaming: false }],
  ["application/json", { format: "json", streaming: false }],
  ["application/json; charset=utf-8", { format: "json", streaming: false }],
  ["APPLICATION/CONNECT+PROTO", { format: "proto", streaming: true }],
  ["application/connect+json", { format: "json", streaming: true }],
  ["application/connect", undefined],
  ["application/protobuf", undefined],
  ["text/json", undefined],
  [undefined, undefined],
] as const)("the content type %s", (value, content) => {
  expect(parseConnectContentType(value)).toEqual(content);
});

test("content types are written as they are read", () => {
  for (const format of ["proto", "json"] as const) {
    for (const streaming of [true, false]) {
      expect(parseConnectContentType(connectContentType({ format, streaming }))).toEqual({ format, streaming });
    }
  }
});

describe("the query of a GET", () => {
  test.each([
    { format: "json", message: utf8('{"name":"Åland & more"}'), compression: undefined },
    { format: "proto", message: bytes(251, 255, 62, 63, 0), compression: undefined },
    { format: "proto", message: bytes(), compression: undefined },
    { format: "json", message: bytes(31, 139), compression: "gzip" },
  ] as const)("%j comes back", (query) => {
    const back = parseGetQuery(formatGetQuery(query));
    if (typeof back === "string") throw new Error(back);
    expect({ ...back, message: Uint8Array.from(back.message) }).toEqual(query);
  });

  test.each([
    ["", "no encoding"],
    ["encoding=xml&message=", 'unknown encoding "xml"'],
    ["encoding=json", "no message"],
    ["connect=v2&encoding=json&message={}", "v2"],
    ["encoding=json&message={}&base64=true", "base64=true"],
  ])("%s is refused: %s", (query, text) => {
    expect(parseGetQuery(query)).toContain(text);
  });
});

test("trailers of a unary answer are headers, details are not among them", () => {
  const trailers = new Metadata();
  trailers.add("x-a", "1");
  trailers.add("x-b-bin", bytes(1));
  trailers.set(DETAILS_KEY, bytes(1));
  const headers = ["x-a", "header"];
  putTrailerHeaders(trailers, headers);
  expect(headers).toEqual(["x-a", "header", "trailer-x-a", "1", "trailer-x-b-bin", "AQ"]);
  expect(readTrailerHeaders([...headers, "trailer-grpc-status", "0"]).toJSON()).toEqual({
    "x-a": ["1"],
    "x-b-bin": ["AQ"],
  });
});
