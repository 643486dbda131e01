import { createPrivateKey } from "node:crypto";
import type { TlsOptions } from "node:tls";
import { ServerCredentials } from "@grpc/grpc-js";

/** What `ServerCredentials.createSsl` can be told. */
const CARRIED = new Set(["cert", "key", "passphrase", "ca", "requestCert"]);

/**
 * TLS options as grpc-js takes them: certificate and key in PEM, and whether clients are asked for theirs. Throws a TypeError
 * that names an option which grpc-js has no place for: left out, `minVersion: "TLSv1.3"` would let TLS 1.2 in (P17).
 */
export function serverCredentials(tls: TlsOptions): ServerCredentials {
  for (const [name, value] of Object.entries(tls)) {
    if (value === undefined || CARRIED.has(name)) continue;
    throw new TypeError(`grpcJsTransport: grpc-js cannot be told tls.${name}; it takes ${[...CARRIED].join(", ")}`);
  }
  const { cert, key, passphrase, ca, requestCert } = tls;
  if (cert === undefined || key === undefined) throw new TypeError("grpcJsTransport: tls needs a cert and a key");
  const pair = { cert_chain: pem(cert, "cert"), private_key: privateKey(pem(key, "key"), passphrase) };
  return ServerCredentials.createSsl(ca === undefined ? null : pem(ca, "ca"), [pair], requestCert ?? false);
}

function privateKey(key: Buffer, passphrase: string | undefined): Buffer {
  if (passphrase === undefined) return key;
  return Buffer.from(createPrivateKey({ key, passphrase }).export({ type: "pkcs8", format: "pem" }));
}

function pem(value: unknown, name: string): Buffer {
  if (typeof value === "string") return Buffer.from(value);
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (Array.isArray(value)) return Buffer.concat(value.map((part) => pem(part, name)));
  throw new TypeError(`grpcJsTransport: tls.${name} must be PEM text or bytes`);
}
