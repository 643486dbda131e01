/** The static table ({@link https://www.rfc-editor.org/rfc/rfc7541#appendix-A | RFC 7541, appendix A}), index 1 to 61: `name` or `name value`. */
const table = `:authority
:method GET
:method POST
:path /
:path /index.html
:scheme http
:scheme https
:status 200
:status 204
:status 206
:status 304
:status 400
:status 404
:status 500
accept-charset
accept-encoding gzip, deflate
accept-language
accept-ranges
accept
access-control-allow-origin
age
allow
authorization
cache-control
content-disposition
content-encoding
content-language
content-length
content-location
content-range
content-type
cookie
date
etag
expect
expires
from
host
if-match
if-modified-since
if-none-match
if-range
if-unmodified-since
last-modified
link
location
max-forwards
proxy-authenticate
proxy-authorization
range
referer
refresh
retry-after
server
set-cookie
strict-transport-security
transfer-encoding
user-agent
vary
via
www-authenticate`;

const lines: readonly string[] = /* @__PURE__ */ table.split("\n");

/** Names by index; there is no index 0. */
export const staticNames: readonly string[] = ["", ...lines.map((line) => line.split(" ", 1)[0]!)];

/** Values by index; there is no index 0. */
export const staticValues: readonly string[] = [
  "",
  ...lines.map((line) => (line.includes(" ") ? line.slice(line.indexOf(" ") + 1) : "")),
];

/** The last index of the static table: the dynamic one begins behind it. */
export const lastStatic = 61;

/** A name's first index, which stands for the name alone. */
export const staticNameIndex: ReadonlyMap<string, number> = new Map(
  staticNames.map((name, index): [string, number] => [name, index]).reverse(),
);
