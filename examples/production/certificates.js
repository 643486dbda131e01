/**
 * Certificates for trying the example out: an authority, and what it signs for the server and the client, each as a folder
 * of tls.crt, tls.key and ca.crt. They expire after an hour. Yours come from cert-manager or the like.
 */
import "reflect-metadata"; // what the certificate library needs
import { webcrypto } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

const signingAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const makeKeys = () => webcrypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"]);
const times = () => ({ notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) });

/** Writes `<folder>/<name>` for each name; the names are the subjects of the certificates. */
export async function writeCertificates(folder, names) {
  x509.cryptoProvider.set(webcrypto);
  const keys = await makeKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name: "CN=Example Authority", serialNumber: "01", keys, signingAlgorithm, ...times() },
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  for (const [index, name] of names.entries()) {
    const own = await makeKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      ...{ subject: `CN=${name}`, issuer: authority.subject, serialNumber: `1${index}`, signingAlgorithm, ...times() },
      ...{ publicKey: own.publicKey, signingKey: keys.privateKey },
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "ip", value: "127.0.0.1" }])],
    });
    mkdirSync(join(folder, name), { recursive: true });
    const key = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", own.privateKey)).toString("base64");
    writeFileSync(join(folder, name, "tls.crt"), certificate.toString("pem"));
    writeFileSync(join(folder, name, "tls.key"), `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`);
    writeFileSync(join(folder, name, "ca.crt"), authority.toString("pem"));
  }
}
