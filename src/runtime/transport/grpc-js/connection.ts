import { X509Certificate } from "node:crypto";
import type { CallConnection, CallTls } from "../transport.js";

/** What grpc-js tells of a connection; its AuthContext, by shape. */
interface AuthContext {
  readonly sslPeerCertificate?: { readonly raw?: Buffer } | undefined;
}

/** The peer, as far as grpc-js reports it: for TLS, only a certificate that was verified. */
export function connectionOf(peer: string, authority: string | undefined, auth: AuthContext | null): CallConnection {
  return { peer, authority, tls: tlsOf(auth) };
}

function tlsOf(auth: AuthContext | null): CallTls | undefined {
  const raw = auth?.sslPeerCertificate?.raw;
  if (raw === undefined) return undefined;
  return {
    authorized: true,
    authorizationError: undefined,
    certificate: new X509Certificate(raw),
    protocol: undefined,
    cipher: undefined,
    alpn: undefined,
  };
}
