// gRPC's interop server on our runtime: server.js --transport T --port N [--use_tls --tls_cert_file F --tls_key_file F]
import { parseArgs } from "node:util";
import { TestServiceService } from "../../gen/grpc/testing/test_grpc.js";
import { emit } from "../emit.js";
import { readTls, serve, type Transport } from "../transports.js";
import { TestServer } from "./test-server.js";

const { values } = parseArgs({
  options: {
    transport: { type: "string", default: "http2" },
    port: { type: "string", default: "0" },
    use_tls: { type: "boolean", default: false },
    tls_cert_file: { type: "string", default: "" },
    tls_key_file: { type: "string", default: "" },
  },
});
const { port, stop } = await serve(
  // The run passes one of the two.
  values.transport as Transport,
  (add) => add(TestServiceService, new TestServer()),
  { port: Number(values.port), tls: values.use_tls ? readTls(values.tls_cert_file, values.tls_key_file) : undefined },
);
emit({ port });
process.once("SIGTERM", () => void stop());
