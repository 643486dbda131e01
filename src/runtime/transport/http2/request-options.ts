import type { ClientSessionRequestOptions } from "node:http2";

const defaults = { endStream: false, parent: 0, exclusive: false, silent: false };

/**
 * What every request is opened with: the defaults, but for `endStream`. node:http2 copies the object and adds what it
 * lacks; whole, the copy keeps its shape, which makes a unary call a tenth cheaper. From Node 22 on there is no weight,
 * and whoever gives one is warned (DEP0194).
 */
export const REQUEST_OPTIONS: ClientSessionRequestOptions =
  Number.parseInt(process.versions.node, 10) < 22 ? { ...defaults, weight: 16 } : defaults;
