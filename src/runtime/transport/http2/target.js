import { isAbsolute } from "node:path";
/**
 * Reads `http://host:port`, `https://host:port`, `unix:path` or `unix:///path`.
 * @throws TypeError for anything else.
 */
export function parseTarget(target, secure) {
    if (target.startsWith("unix:")) {
        const path = target.startsWith("unix://") ? target.slice("unix://".length) : target.slice("unix:".length);
        if (path === "" || (target.startsWith("unix://") && !isAbsolute(path))) {
            throw new TypeError(`"${target}" names no socket: use unix:relative/path or unix:///absolute/path`);
        }
        return { scheme: secure ? "https" : "http", authority: "localhost", host: "localhost", port: 0, path };
    }
    const url = URL.canParse(target) ? new URL(target) : undefined;
    if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "") {
        throw new TypeError(`"${target}" is no target: use http://host:port, https://host:port or unix:/path`);
    }
    if ((url.pathname !== "/" && url.pathname !== "") || url.search !== "" || url.hash !== "" || url.username !== "") {
        throw new TypeError(`"${target}" has more than a host and a port; a gRPC target has no path, query or user`);
    }
    if (secure && url.protocol === "http:") {
        throw new TypeError(`"${target}" is plain text, but TLS options are given: use https://`);
    }
    const scheme = url.protocol === "http:" ? "http" : "https";
    const port = url.port === "" ? (scheme === "http" ? 80 : 443) : Number(url.port);
    return { scheme, authority: url.host, host: url.hostname.replace(/^\[|\]$/g, ""), port };
}
