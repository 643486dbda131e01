import "reflect-metadata"; // what the certificate library needs
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  cryptoProvider,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A certificate and its key, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority, two that it has signed, and how it signs another. */
export interface Authority {
  readonly ca: string;
  readonly server: Pair;
  readonly client: Pair;
  sign(serialNumber: string, name: string): Promise<Pair>;
}

/** A certificate authority, and what it has signed: made anew for each run, so that nothing can expire. */
export async function certificates(): Promise<Authority> {
  cryptoProvider.set(webcrypto);
  const keys = await generateKeys();
  const authority = await X509CertificateGenerator.createSelfSigned({
    serialNumber: "01",
    name: "CN=Test Authority",
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new BasicConstraintsExtension(true, 1, true)],
  });
  const sign = async (serialNumber: string, name: string): Promise<Pair> => {
    const own = await generateKeys();
    const certificate = await X509CertificateGenerator.create({
      serialNumber,
      subject: `CN=${name}`,
      issuer: authority.subject,
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 3_600_000),
      signingAlgorithm: ALGORITHM,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      extensions: [
        new SubjectAlternativeNameExtension([
          { type: "dns", value: "localhost" },
          { type: "ip", value: "127.0.0.1" },
        ]),
      ],
    });
    return { cert: certificate.toString("pem"), key: await pem(own.privateKey) };
  };
  const ca = authority.toString("pem");
  return { ca, server: await sign("02", "server"), client: await sign("03", "client"), sign };
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return `-----BEGIN PRIVATE KEY-----\n${der.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END PRIVATE KEY-----\n`;
}
