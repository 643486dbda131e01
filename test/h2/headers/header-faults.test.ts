import { describe, expect, test } from "vitest";
import { contentLengthOf, requestFault, responseFault, trailersFault } from "../../../src/runtime/h2/headers/index.js";

const pseudo = [":method", "POST", ":scheme", "http", ":path", "/a.B/C", ":authority", "localhost:1"];
const request = (...more: string[]): string[] => [...pseudo, ...more];
const without = (name: string, ...more: string[]): string[] => [
  ...pseudo.flatMap((text, i) => (i % 2 === 0 && text !== name ? [text, pseudo[i + 1]!] : [])),
  ...more,
];
const replaced = (name: string, value: string, ...more: string[]): string[] => {
  const list = request(...more);
  list[list.indexOf(name) + 1] = value;
  return list;
};

type Case = [what: string, headers: string[], fault: string | undefined];

describe("requests: pseudo-headers (RFC 9113, 8.3, 8.3.1, 8.5)", () => {
  const connect = [":method", "CONNECT", ":authority", "a:1"];
  const cases: Case[] = [
    ["a call", request("te", "trailers", "content-type", "application/grpc"), undefined],
    ["in another order", [...request().slice(4), ...request().slice(0, 4)], undefined],
    ["https", replaced(":scheme", "https"), undefined],
    ["no authority", without(":authority"), undefined],
    ["no headers", [], "no :method"],
    ["no method", without(":method"), "no :method"],
    ["no scheme", without(":scheme"), "no :scheme"],
    ["no path", without(":path"), "no :path"],
    ["the method twice", request(":method", "POST"), "the pseudo-header :method twice"],
    ["the scheme twice", request(":scheme", "http"), "the pseudo-header :scheme twice"],
    ["the path twice", request(":path", "/"), "the pseudo-header :path twice"],
    ["the authority twice", request(":authority", "a"), "the pseudo-header :authority twice"],
    ["an unknown one", request(":test", "1"), 'the unknown pseudo-header ":test"'],
    ["a response's", request(":status", "200"), 'the unknown pseudo-header ":status"'],
    ["one in upper case", request(":Path", "/"), 'the unknown pseudo-header ":Path"'],
    ["nothing but a colon", request(":", "/"), 'the unknown pseudo-header ":"'],
    ["one behind a field", request("a", "b", ":test", "1"), 'the pseudo-header ":test" where none may be'],
    ["the path behind a field", without(":path", "a", "b", ":path", "/"), "no :path"],
    ["an empty method", replaced(":method", ""), ":method is malformed"],
    ["a method with a space", replaced(":method", "GET /"), ":method is malformed"],
    ["a method of its own", replaced(":method", "M-SEARCH"), undefined],
    ["an empty path", replaced(":path", ""), ":path is malformed"],
    ["a path without slash", replaced(":path", "a.B/C"), ":path is malformed"],
    ["an asterisk", replaced(":path", "*"), ":path is malformed"],
    ["an asterisk for OPTIONS", [":method", "OPTIONS", ":scheme", "http", ":path", "*"], undefined],
    ["a path with a space", replaced(":path", "/a b"), ":path is malformed"],
    ["a path with CR LF", replaced(":path", "/a\r\nb: c"), ":path is malformed"],
    ["a path with NUL", replaced(":path", "/a\0"), ":path is malformed"],
    ["a path with DEL", replaced(":path", "/a\x7f"), ":path is malformed"],
    ["a path of other bytes", replaced(":path", "/gr\xc3\xb6\xc3\x9fe"), undefined],
    ["an empty scheme", replaced(":scheme", ""), ":scheme is malformed"],
    ["a scheme with a space", replaced(":scheme", "ht tp"), ":scheme is malformed"],
    ["a scheme that begins with a digit", replaced(":scheme", "1http"), ":scheme is malformed"],
    ["another scheme", replaced(":scheme", "coap+tcp", "a", "b"), undefined],
    ["an authority with a space", replaced(":authority", "a b"), ":authority is malformed"],
    ["an authority with a user", replaced(":authority", "me@a"), ":authority is malformed"],
    ["an authority with LF", replaced(":authority", "a\nb"), ":authority is malformed"],
    ["CONNECT", connect, undefined],
    ["CONNECT without authority", [":method", "CONNECT"], "no :authority"],
    ["CONNECT with a scheme", [...connect, ":scheme", "http"], "CONNECT with :scheme"],
    ["CONNECT with a path", [...connect, ":path", "/"], "CONNECT with :path"],
    ["extended CONNECT, not asked for", [...connect, ":protocol", "x"], 'the unknown pseudo-header ":protocol"'],
  ];
  test.each(cases)("%s", (_what, headers, fault) => {
    expect(requestFault(headers)).toBe(fault);
  });
});

describe("requests: extended CONNECT (RFC 8441, 4)", () => {
  const full = [":method", "CONNECT", ":scheme", "https", ":path", "/", ":authority", "a", ":protocol", "websocket"];
  const cases: Case[] = [
    ["whole", full, undefined],
    ["without a path", [...full.slice(0, 4), ...full.slice(6)], "no :path"],
    ["without a scheme", [...full.slice(0, 2), ...full.slice(4)], "no :scheme"],
    ["twice", [...full, ":protocol", "websocket"], "the pseudo-header :protocol twice"],
    ["with another method", [":method", "GET", ...full.slice(2)], ":protocol without CONNECT"],
    ["CONNECT as ever", [":method", "CONNECT", ":authority", "a:1"], undefined],
  ];
  test.each(cases)("%s", (_what, headers, fault) => {
    expect(requestFault(headers, { extendedConnect: true })).toBe(fault);
  });
});

describe("requests: host (RFC 9113, 8.3.1)", () => {
  const differs = "host is not :authority";
  const cases: Case[] = [
    ["the same", request("host", "localhost:1"), undefined],
    ["in other letters", request("host", "LocalHost:1"), undefined],
    ["without the usual port", replaced(":authority", "a:443", "host", "a"), undefined],
    ["another", request("host", "localhost:2"), differs],
    ["instead of an authority", without(":authority", "host", "a"), undefined],
    ["two", without(":authority", "host", "a", "host", "b"), differs],
  ];
  test.each(cases)("%s", (_what, headers, fault) => {
    expect(requestFault(headers)).toBe(fault);
  });
});

describe("responses (RFC 9113, 8.3.2)", () => {
  const cases: Case[] = [
    ["a call's", [":status", "200", "content-type", "application/grpc"], undefined],
    ["an interim one", [":status", "103", "link", "</a>"], undefined],
    ["an error", [":status", "503"], undefined],
    ["a status of no class", [":status", "799"], undefined],
    ["no headers", [], "no :status"],
    ["no status", ["a", "b"], "no :status"],
    ["the status twice", [":status", "200", ":status", "200"], "the pseudo-header :status twice"],
    ["the status behind a field", ["a", "b", ":status", "200"], "no :status"],
    ["a request's pseudo-header", [":status", "200", ":path", "/"], 'the unknown pseudo-header ":path"'],
    ["an empty status", [":status", ""], ":status is malformed"],
    ["two digits", [":status", "20"], ":status is malformed"],
    ["four digits", [":status", "2000"], ":status is malformed"],
    ["a sign", [":status", "+20"], ":status is malformed"],
    ["a zero first", [":status", "020"], ":status is malformed"],
    ["a line more", [":status", "200\n"], ":status is malformed"],
    ["switching protocols", [":status", "101"], ":status is malformed"],
  ];
  test.each(cases)("%s", (_what, headers, fault) => {
    expect(responseFault(headers)).toBe(fault);
  });
});

describe("trailers (RFC 9113, 8.1)", () => {
  const cases: Case[] = [
    ["none", [], undefined],
    ["a call's", ["grpc-status", "0", "grpc-message", ""], undefined],
    ["a status", [":status", "200"], 'the pseudo-header ":status" where none may be'],
    ["a path behind a field", ["a", "b", ":path", "/"], 'the pseudo-header ":path" where none may be'],
  ];
  test.each(cases)("%s", (_what, headers, fault) => {
    expect(trailersFault(headers)).toBe(fault);
  });
});

/** Fields are the same everywhere. */
const kinds: [kind: string, fault: (fields: string[]) => string | undefined][] = [
  ["a request", (fields) => requestFault(request(...fields))],
  ["a response", (fields) => responseFault([":status", "200", ...fields])],
  ["trailers", (fields) => trailersFault(fields)],
];

describe.each(kinds)("fields of %s (RFC 9113, 8.2)", (_kind, faultOf) => {
  const inName = (name: string) => `a forbidden character in the header name ${JSON.stringify(name)}`;
  const inValue = 'a forbidden character in the value of "x"';
  const cases: Case[] = [
    ["every sign of a token", ["!#$%&'*+-.^_`|~09az", "1"], undefined],
    ["an empty name", ["", "1"], "an empty header name"],
    ["upper case", ["X-a", "1"], 'the header name "X-a" is not in lower case'],
    ["a space in a name", ["x a", "1"], inName("x a")],
    ["a colon in a name", ["x:a", "1"], inName("x:a")],
    ["CR LF in a name", ["x\r\na", "1"], inName("x\r\na")],
    ["NUL in a name", ["x\0", "1"], inName("x\0")],
    ["DEL in a name", ["x\x7f", "1"], inName("x\x7f")],
    ["a byte over 0x7f in a name", ["x\xe9", "1"], inName("x\xe9")],
    ["a long bad name is cut off", [`${"x".repeat(100)} `, "1"], inName(`${"x".repeat(64)}…`)],
    ["an empty value", ["x", ""], undefined],
    ["a space inside a value", ["x", "a b"], undefined],
    ["a tab inside a value", ["x", "a\tb"], undefined],
    ["bytes over 0x7f in a value", ["x", "\xe9\xff"], undefined],
    ["CR in a value", ["x", "a\rb"], inValue],
    ["LF in a value", ["x", "a\nb"], inValue],
    ["NUL in a value", ["x", "a\0b"], inValue],
    ["LF at the end", ["x", "a\n"], inValue],
    ["a space at the start", ["x", " a"], inValue],
    ["a space at the end", ["x", "a "], inValue],
    ["a tab at the start", ["x", "\ta"], inValue],
    ["a tab at the end", ["x", "a\t"], inValue],
    ["nothing but a space", ["x", " "], inValue],
    ["connection", ["connection", "close"], "the connection-specific header connection"],
    ["proxy-connection", ["proxy-connection", "close"], "the connection-specific header proxy-connection"],
    ["keep-alive", ["keep-alive", "timeout=5"], "the connection-specific header keep-alive"],
    ["transfer-encoding", ["transfer-encoding", "chunked"], "the connection-specific header transfer-encoding"],
    ["upgrade", ["upgrade", "h2c"], "the connection-specific header upgrade"],
    ["names as long as those", ["upgrad3", "1", "user-agent", "2", "x-content-types", "3"], undefined],
    ["te: trailers", ["te", "trailers"], undefined],
    ["te: Trailers", ["te", "Trailers"], undefined],
    ["another te", ["te", "trailers, deflate"], "te is not trailers"],
    ["an empty te", ["te", ""], "te is not trailers"],
    ["a length", ["content-length", "0"], undefined],
    ["a length with zeros", ["content-length", "0012"], undefined],
    ["a length twice", ["content-length", "1", "content-length", "1"], "content-length twice"],
    ["a list of lengths", ["content-length", "1, 1"], "content-length is no number"],
    ["a negative length", ["content-length", "-1"], "content-length is no number"],
    ["a length with a sign", ["content-length", "+1"], "content-length is no number"],
    ["a length with a point", ["content-length", "1.0"], "content-length is no number"],
    ["a hexadecimal length", ["content-length", "0x10"], "content-length is no number"],
    ["an empty length", ["content-length", ""], "content-length is no number"],
    ["a length no number holds", ["content-length", "9".repeat(16)], "content-length is no number"],
    ["the second of two", ["x", "1", "x", "a\n"], inValue],
  ];
  test.each(cases)("%s", (_what, fields, fault) => {
    expect(faultOf(fields)).toBe(fault);
  });
});

test("what passed before does not hide what is wrong now", () => {
  const long = "x".repeat(100);
  const good = request("te", "trailers", "x-a", long, "content-length", "1");
  for (let i = 0; i < 3; i++) expect(requestFault(good)).toBe(undefined);
  for (const [at, text] of good.entries()) {
    const bad = [...good];
    bad[at] = `${text}\n`;
    expect(requestFault(bad)).not.toBe(undefined);
    expect(requestFault(good)).toBe(undefined);
  }
  expect(requestFault([...good, "content-length", "1"])).toBe("content-length twice");
});

test("long values", () => {
  const long = "x".repeat(100);
  for (const value of [`${long}\r${long}`, `${long}\0`, `\n${long}`, ` ${long}`, `${long}\t`]) {
    expect(trailersFault(["x", value])).toBe('a forbidden character in the value of "x"');
  }
  expect(trailersFault(["x", `${long} ${long}\t${long}\xff`])).toBe(undefined);
});

test("the declared length", () => {
  expect(contentLengthOf(request("content-length", "12"))).toBe(12);
  expect(contentLengthOf(request())).toBe(-1);
});
