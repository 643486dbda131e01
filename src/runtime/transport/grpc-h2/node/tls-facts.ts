import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { CallTls } from "../../transport.js";

/** Reads the peer's TLS state once, as a closed socket no longer has it. */
export function tlsFacts(socket: TLSSocket): CallTls {
  const { authorized, authorizationError: fault } = socket;
  let certificate: X509Certificate | undefined;
  return {
    authorized,
    // Node gives a code or an Error, and null where there is no fault: its types know only of the Error.
    authorizationError: fault == null ? undefined : String((fault as { code?: unknown }).code ?? fault),
    // Created on first use, as it takes longer than everything else here.
    get certificate() {
      certificate ??= socket.getPeerX509Certificate();
      return certificate;
    },
    protocol: socket.getProtocol() ?? undefined,
    cipher: socket.getCipher()?.standardName,
    alpn: socket.alpnProtocol || undefined,
  };
}
