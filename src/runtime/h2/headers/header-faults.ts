import { isMadeOf, schemeCharacters, shown, targetCharacters, tokenCharacters } from "./characters.js";
import { fieldFault } from "./field-fault.js";

/** What is told of a received request beforehand. */
export interface RequestRules {
  /** Whether we announced SETTINGS_ENABLE_CONNECT_PROTOCOL, so that `:protocol` is known ({@link https://www.rfc-editor.org/rfc/rfc8441#section-4 | RFC 8441, 4}); false without it. */
  readonly extendedConnect?: boolean;
}

/**
 * Why a received request is malformed, in words for an error's debug text; undefined where it is not. It is a stream error
 * then, PROTOCOL_ERROR ({@link https://www.rfc-editor.org/rfc/rfc9113#section-8.1.1 | RFC 9113, 8.1.1}).
 *
 * Checked are the fields ({@link https://www.rfc-editor.org/rfc/rfc9113#section-8.2 | 8.2}) and the pseudo-headers
 * ({@link https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1 | 8.3.1}, {@link https://www.rfc-editor.org/rfc/rfc9113#section-8.5 | 8.5}).
 * A content-length has the right form: whether it is the body's length only the body shows.
 */
export function requestFault(headers: readonly string[], rules: RequestRules = {}): string | undefined {
  let method: string | undefined;
  let scheme: string | undefined;
  let path: string | undefined;
  let authority: string | undefined;
  let protocol: string | undefined;
  let i = 0;
  for (; i < headers.length && isPseudo(headers[i]!); i += 2) {
    const name = headers[i]!;
    const value = headers[i + 1]!;
    switch (name) {
      case ":method":
        if (method !== undefined) return twice(name);
        method = value;
        break;
      case ":scheme":
        if (scheme !== undefined) return twice(name);
        scheme = value;
        break;
      case ":path":
        if (path !== undefined) return twice(name);
        path = value;
        break;
      case ":authority":
        if (authority !== undefined) return twice(name);
        authority = value;
        break;
      case ":protocol":
        if (protocol !== undefined) return twice(name);
        if (rules.extendedConnect !== true) return unknown(name);
        protocol = value;
        break;
      default:
        return unknown(name);
    }
  }
  if (method === undefined) return missing(":method");
  if (method !== "POST" && (method.length === 0 || !isMadeOf(tokenCharacters, method))) return bad(":method");
  if (protocol !== undefined && method !== "CONNECT") return ":protocol without CONNECT";
  const fault =
    method === "CONNECT" && protocol === undefined
      ? connectFault(scheme, path, authority)
      : targetFault(method, scheme, path);
  if (fault !== undefined) return fault;
  if (authority !== undefined && !isAuthority(authority)) return bad(":authority");
  return fieldFault(headers, i) ?? hostFault(headers, i, authority);
}

/**
 * Why received response headers, interim ones too, are malformed; undefined where they are not.
 * {@link https://www.rfc-editor.org/rfc/rfc9113#section-8.3.2 | RFC 9113, 8.3.2}.
 */
export function responseFault(headers: readonly string[]): string | undefined {
  let status: string | undefined;
  let i = 0;
  for (; i < headers.length && isPseudo(headers[i]!); i += 2) {
    if (headers[i] !== ":status") return unknown(headers[i]!);
    if (status !== undefined) return twice(":status");
    status = headers[i + 1]!;
  }
  if (status === undefined) return missing(":status");
  // https://www.rfc-editor.org/rfc/rfc9110#section-15; there is no 101: https://www.rfc-editor.org/rfc/rfc9113#section-8.6
  if (status !== "200" && (!/^[1-9]\d\d$/.test(status) || status === "101")) return bad(":status");
  return fieldFault(headers, i);
}

/**
 * Why received trailers are malformed; undefined where they are not. They have no pseudo-headers:
 * {@link https://www.rfc-editor.org/rfc/rfc9113#section-8.1 | RFC 9113, 8.1}.
 */
export function trailersFault(headers: readonly string[]): string | undefined {
  return fieldFault(headers, 0);
}

function isPseudo(name: string): boolean {
  return name.charCodeAt(0) === 0x3a;
}

/** CONNECT names an authority and nothing else ({@link https://www.rfc-editor.org/rfc/rfc9113#section-8.5 | RFC 9113, 8.5}). */
function connectFault(scheme?: string, path?: string, authority?: string): string | undefined {
  if (authority === undefined) return missing(":authority");
  if (scheme !== undefined) return "CONNECT with :scheme";
  if (path !== undefined) return "CONNECT with :path";
  return undefined;
}

/** The target that passed last: calls have the same one again and again. */
const passed = { method: "", scheme: "", path: "" };

function targetFault(method: string, scheme?: string, path?: string): string | undefined {
  if (passed.path === path && passed.method === method && passed.scheme === scheme) return undefined;
  if (scheme === undefined) return missing(":scheme");
  if (path === undefined) return missing(":path");
  const isHttp = scheme === "http" || scheme === "https";
  if (!isHttp && !/^[A-Za-z]/.test(scheme)) return bad(":scheme");
  if (!isHttp && !isMadeOf(schemeCharacters, scheme)) return bad(":scheme");
  // "*" is for OPTIONS alone; other schemes may have paths of any form, though no empty one.
  const isAsterisk = path === "*" && method === "OPTIONS";
  if (path.length === 0 || (isHttp && path.charCodeAt(0) !== 0x2f && !isAsterisk)) return bad(":path");
  if (!isMadeOf(targetCharacters, path)) return bad(":path");
  passed.method = method;
  passed.scheme = scheme;
  passed.path = path;
  return undefined;
}

/** The authority that passed last. */
let passedAuthority = "";

/** No user information in it, which {@link https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1 | RFC 9113, 8.3.1} forbids. */
function isAuthority(authority: string): boolean {
  if (authority === passedAuthority) return true;
  if (!isMadeOf(targetCharacters, authority) || authority.includes("@")) return false;
  passedAuthority = authority;
  return true;
}

/** `host` must not contradict `:authority` ({@link https://www.rfc-editor.org/rfc/rfc9113#section-8.3.1 | RFC 9113, 8.3.1}), nor itself. */
function hostFault(headers: readonly string[], start: number, authority: string | undefined): string | undefined {
  let known = authority;
  for (let i = start; i < headers.length; i += 2) {
    if (headers[i] !== "host") continue;
    const host = headers[i + 1]!;
    if (known !== undefined && known !== host && entity(known) !== entity(host)) return "host is not :authority";
    known = host;
  }
  return undefined;
}

/** Host and port; the port of http and https may be left out. */
function entity(authority: string): string {
  return authority.toLowerCase().replace(/:(?:80|443)?$/, "");
}

function twice(name: string): string {
  return `the pseudo-header ${name} twice`;
}

function unknown(name: string): string {
  return `the unknown pseudo-header ${shown(name)}`;
}

function missing(name: string): string {
  return `no ${name}`;
}

function bad(name: string): string {
  return `${name} is malformed`;
}
