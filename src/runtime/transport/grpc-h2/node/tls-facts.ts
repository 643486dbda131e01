import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { CallTls } from "../../transport.js";

/** What the TLS of a socket says of its other end, once: a closed socket says nothing more. */
export function tlsFacts(socket: TLSSocket): CallTls {
  const { authorized, authorizationError: fault } = socket;
  let certificate: X509Certificate | undefined;
  return {
    authorized,
    // Node gives a code or an Error, and null where there is no fault: its types know only of the Error.
    authorizationError: fault == null ? undefined : String((fault as { code?: unknown }).code ?? fault),
    // Made when somebody asks: that takes longer than the rest together.
    get certificate() {
      certificate ??= socket.getPeerX509Certificate();
      return certificate;
    },
    protocol: socket.getProtocol() ?? undefined,
    cipher: socket.getCipher()?.standardName,
    alpn: socket.alpnProtocol || undefined,
  };
}
