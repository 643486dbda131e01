/** The guides by what a reader is about to do, in the order of the sidebar. A guide that is in no group fails the build. */
export const guideGroups: readonly { readonly text: string; readonly guides: readonly string[] }[] = [
  { text: "Calls", guides: ["calls", "errors", "interceptors", "context", "resume", "files", "transports"] },
  { text: "Servers", guides: ["servers", "auth", "validation", "load", "nestjs", "tls-rotation"] },
  { text: "Many servers", guides: ["load-balancing", "retries", "fleet", "proxies"] },
  { text: "Browsers", guides: ["web-client", "web-server", "websocket"] },
  { text: "Generating", guides: ["generating", "protoc-and-buf", "options", "skeletons", "codecs"] },
  {
    text: "Testing and operating",
    guides: ["testing", "k6", "telemetry", "debugging", "performance", "troubleshooting"],
  },
];
