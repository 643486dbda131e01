// What h2spec is pointed at: a server without services, since it is about HTTP/2 alone: server.js TRANSPORT
import { emit } from "../emit.js";
import { serve, type Transport } from "../transports.js";

// The run passes one of the two.
const { port, stop } = await serve(process.argv[2] as Transport, () => {});
emit({ port });
process.once("SIGTERM", () => void stop());
