import type { X509Certificate } from "node:crypto";

/** The peer of a call, and the security of the connection to it. */
export interface CallConnection {
  /** `address:port` of the other end: what `peer` says. */
  readonly peer: string;
  /** The server's name as the client called it: the call's `:authority`. Undefined where the transport does not know it. */
  readonly authority: string | undefined;
  /** Which of the servers of a client's channel, as its resolver named it (`addressName`); undefined where the channel has a single server. */
  readonly server?: string | undefined;
  /** Undefined in plain text, and within a process. */
  readonly tls: CallTls | undefined;
}

/** The peer's TLS state. */
export interface CallTls {
  /** Whether the other end showed a certificate that an authority of ours has signed. */
  readonly authorized: boolean;
  /** Why it is not authorized, by Node's code, for example `UNABLE_TO_GET_ISSUER_CERT`. */
  readonly authorizationError: string | undefined;
  /** The peer's certificate. Clients have one only where the server asks for it (`requestCert`). */
  readonly certificate: X509Certificate | undefined;
  /** The protocol version, for example `TLSv1.3`; undefined over grpc-js, which does not report it. */
  readonly protocol: string | undefined;
  /** The cipher suite by its IETF name; undefined over grpc-js. */
  readonly cipher: string | undefined;
  /** The protocol that ALPN agreed on: `h2`. Undefined over grpc-js. */
  readonly alpn: string | undefined;
}
