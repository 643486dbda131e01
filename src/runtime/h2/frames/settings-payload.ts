import * as ErrorCode from "../error-code.js";
import { peerFault } from "../errors.js";
import { DEFAULT_SETTINGS, type Settings } from "../settings.js";
import { MAX_31_BIT } from "./constants.js";
import { readUint16, readUint32 } from "./integers.js";

/** A setting on the wire (RFC 9113, section 6.5.2; RFC 8441, section 3): its place in {@link Settings}, its values, and what another one is. */
interface Rule {
  readonly name: string;
  readonly key: keyof Settings;
  readonly least: number;
  readonly most: number;
  readonly fault: number;
}

const RULES: ReadonlyMap<number, Rule> = new Map([
  [1, rule("HEADER_TABLE_SIZE", "headerTableSize")],
  [2, rule("ENABLE_PUSH", "enablePush", 0, 1)],
  [3, rule("MAX_CONCURRENT_STREAMS", "maxConcurrentStreams")],
  [4, rule("INITIAL_WINDOW_SIZE", "initialWindowSize", 0, MAX_31_BIT, ErrorCode.FLOW_CONTROL_ERROR)],
  [5, rule("MAX_FRAME_SIZE", "maxFrameSize", 16_384, 16_777_215)],
  [6, rule("MAX_HEADER_LIST_SIZE", "maxHeaderListSize")],
  [8, rule("ENABLE_CONNECT_PROTOCOL", "enableConnectProtocol", 0, 1)],
]);

function rule(
  name: string,
  key: keyof Settings,
  least = 0,
  most = Number.POSITIVE_INFINITY,
  fault: number = ErrorCode.PROTOCOL_ERROR,
): Rule {
  return { name, key, least, most, fault };
}

/** What our first SETTINGS frame says: all that differs from RFC 9113's defaults. */
export function announcement(settings: Settings, isClient: boolean): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (const [id, { key }] of RULES) {
    // RFC 9113, section 6.5.2: of pushing, a server says 0 or nothing.
    if (settings[key] === DEFAULT_SETTINGS[key] || (key === "enablePush" && !isClient)) continue;
    pairs.push([id, Number(settings[key])]);
  }
  return pairs;
}

/**
 * The peer's settings after a SETTINGS frame (RFC 9113, section 6.5.2); unknown ones are ignored.
 * @throws ConnectionError for values out of range.
 */
export function readSettings(
  before: Settings,
  bytes: Uint8Array,
  start: number,
  end: number,
  fromServer: boolean,
): Settings {
  const after: Record<string, number | boolean> = { ...before };
  for (let at = start; at < end; at += 6) {
    const found = RULES.get(readUint16(bytes, at));
    if (found === undefined) continue;
    const { name, key, least, most, fault } = found;
    const value = readUint32(bytes, at + 2);
    // A server pushes to no server, and the extended CONNECT is not taken back.
    const may = key === "enablePush" && fromServer ? 0 : most;
    const must = key === "enableConnectProtocol" && after[key] === true ? 1 : least;
    if (value < must || value > may) throw peerFault(fault, `SETTINGS_${name} of ${value}`);
    after[key] = typeof after[key] === "boolean" ? value === 1 : value;
  }
  return after as unknown as Settings; // each key kept its type
}
