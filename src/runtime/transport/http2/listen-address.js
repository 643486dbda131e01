/** Reads `host:port`, `[v6]:port`, `:port` (all interfaces) or `unix:path`. @throws TypeError for anything else. */
export function parseListenAddress(address) {
    if (address.startsWith("unix:")) {
        const path = address.replace(/^unix:(\/\/(?=\/))?/, "");
        if (path === "")
            throw new TypeError(`"${address}" names no socket: use unix:/path`);
        return { path };
    }
    const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(address);
    const port = Number(match?.[3]);
    if (match === null || port > 65_535) {
        throw new TypeError(`"${address}" is no address to listen on: use host:port, [ipv6]:port or unix:/path`);
    }
    return { host: match[1] ?? (match[2] === "" ? "::" : match[2]), port };
}
/** Listens; rejects with Node's own error (EADDRINUSE…) where that fails. */
export async function listenOn(server, address) {
    const parsed = parseListenAddress(address);
    await new Promise((resolve, reject) => {
        server.once("error", reject);
        server.listen(parsed, () => {
            server.off("error", reject);
            resolve();
        });
    });
    const bound = server.address();
    if (bound === null || typeof bound === "string")
        return { address: `unix:${bound ?? ""}`, port: 0 };
    const host = bound.family === "IPv6" ? `[${bound.address}]` : bound.address;
    return { address: `${host}:${bound.port}`, port: bound.port };
}
