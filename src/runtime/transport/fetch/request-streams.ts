let known: boolean | undefined;

/**
 * Whether the platform's fetch can send a stream as a request's body. One that cannot turns the stream into text, which shows as a
 * content type, and does not ask for `duplex`.
 * @see https://developer.chrome.com/docs/capabilities/web-apis/fetch-streaming-requests#feature_detection
 */
export function canStreamRequests(): boolean {
  known ??= ask();
  return known;
}

function ask(): boolean {
  // They stream requests, and do not ask for `duplex`; test/runtimes holds them to it.
  if ("Bun" in globalThis || "Deno" in globalThis) return true;
  let asked = false;
  const init: RequestInit = {
    method: "POST",
    body: new ReadableStream(),
    get duplex() {
      asked = true;
      return "half" as const;
    },
  };
  try {
    return !new Request("http://localhost", init).headers.has("content-type") && asked;
  } catch {
    return false;
  }
}
