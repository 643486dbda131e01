import { describe, expect, test } from "vitest";
import { Metadata } from "../../../src/runtime/core/metadata.js";
import { statusObject } from "../../../src/runtime/core/rpc-error.js";
import { status } from "../../../src/runtime/core/status.js";
import type { HttpRequest } from "../../../src/runtime/transport/fetch/call-protocol.js";
import type { EnvelopeReceiver } from "../../../src/runtime/transport/fetch/enveloped-body.js";
import { fetchInit, requestFault } from "../../../src/runtime/transport/fetch/fetch-request.js";
import { bodyOf, headOf, responseFault } from "../../../src/runtime/transport/fetch/fetch-response.js";

const request: HttpRequest = { method: "POST", url: "http://a/b", headers: ["x-a", "1", "x-a", "2"], body: undefined };

describe("a request as fetch takes it", () => {
  test("has its headers in pairs, follows no redirect, and is sent whole where it is bytes", () => {
    const { signal } = new AbortController();
    const body = Uint8Array.of(1);
    const pairs = [
      ["x-a", "1"],
      ["x-a", "2"],
    ];
    const init = { method: "POST", headers: pairs, signal, redirect: "manual" };
    expect(fetchInit(request, signal)).toEqual(init);
    expect(fetchInit({ ...request, body }, signal)).toEqual({ ...init, body });
  });

  test("is a stream, where it is one", () => {
    const body = new ReadableStream<Uint8Array>();
    expect(fetchInit({ ...request, body }, new AbortController().signal)).toMatchObject({ body, duplex: "half" });
  });

  test("is not sent past the limit of its headers", () => {
    // Name, value and 32 bytes for each, as HTTP/2 counts.
    expect(requestFault(request, 72)).toBeUndefined();
    expect(requestFault(request, 71)).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  });
});

describe("a response", () => {
  test("is not read past the limit of its headers, nor where it leads elsewhere", () => {
    const response = new Response(null, { status: 204, headers: { "X-A": "1" } });
    const head = headOf(response);
    expect(head).toEqual({ httpStatus: 204, headers: ["x-a", "1"] });
    expect(responseFault(response, head, 36)).toBeUndefined();
    expect(responseFault(response, head, 35)).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    const redirect = { type: "opaqueredirect" } as Response; // only a browser makes one
    expect(responseFault(redirect, head, 36)).toMatchObject({ code: status.UNKNOWN });
  });

  test("of one message gives it behind a prefix, and one of an error its status", () => {
    const received: number[][] = [];
    const receiver: EnvelopeReceiver = {
      maxReceiveMessageBytes: 2,
      maxMetadataBytes: 0,
      deadline: Number.POSITIVE_INFINITY,
      truncated: false,
      onEnvelopes: (bytes, start, end) => void received.push([...bytes.subarray(start, end)]),
    };
    const header = new Metadata();
    const message = bodyOf({ kind: "message", header, trailer: header }, receiver);
    message.push(Uint8Array.of(7));
    message.push(Uint8Array.of(8));
    expect(message.end()).toEqual({ code: status.OK, details: "", metadata: header });
    expect(received).toEqual([[0, 0, 0, 0, 2, 7, 8]]);
    expect(() => message.push(Uint8Array.of(1, 2, 3))).toThrow("maxReceiveMessageBytes");
    const failed = statusObject(status.NOT_FOUND, "gone");
    const error = bodyOf({ kind: "error", header, statusOfBody: () => failed }, receiver);
    expect(error.end()).toBe(failed);
  });
});
