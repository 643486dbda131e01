// The cases as JSON, for clients that are not in TypeScript.
import { emit } from "../emit.js";
import { retryCases, throttling, usual } from "./cases.js";

const METHODS = { unary: "GetData", server: "SubscribeData", client: "UploadFile", bidi: "Chat" } as const;

const single = retryCases.map(({ policy = usual, kind, ...one }) => ({
  ...one,
  kind,
  hedged: "hedgingPolicy" in policy,
  serviceConfig: { methodConfig: [{ name: [{ service: "streaming.DataService", method: METHODS[kind] }], ...policy }] },
}));
const sequence = {
  serviceConfig: { methodConfig: [{ name: [{}], ...usual }], retryThrottling: throttling.rule },
  calls: throttling.calls.map((one, index) => ({ name: `${throttling.name} ${index + 1}`, kind: "unary", ...one })),
};
emit({ single, sequence });
