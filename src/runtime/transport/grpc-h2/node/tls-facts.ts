import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { CallTls } from "../../transport.js";

/** What the TLS of a socket says of its other end. Read when somebody asks, and then kept: a closed socket says nothing. */
export class TlsFacts implements CallTls {
  readonly #socket: TLSSocket;
  #certificate: X509Certificate | undefined;
  #cipher: string | undefined;
  #protocol: string | undefined;

  constructor(socket: TLSSocket) {
    this.#socket = socket;
  }

  get authorized(): boolean {
    return this.#socket.authorized;
  }

  get authorizationError(): string | undefined {
    const { authorizationError: fault } = this.#socket;
    // Node gives a code or an Error, and null where there is no fault: its types know only of the Error.
    return fault === undefined || fault === null ? undefined : String((fault as { code?: unknown }).code ?? fault);
  }

  get certificate(): X509Certificate | undefined {
    this.#certificate ??= this.#socket.getPeerX509Certificate();
    return this.#certificate;
  }

  get protocol(): string | undefined {
    this.#protocol ??= this.#socket.getProtocol() ?? undefined;
    return this.#protocol;
  }

  get cipher(): string | undefined {
    // Null once the socket is closed, whatever its type says.
    this.#cipher ??= (this.#socket.getCipher() as { standardName?: string } | null)?.standardName;
    return this.#cipher;
  }

  get alpn(): string | undefined {
    return this.#socket.alpnProtocol || undefined;
  }
}
