// Our relay of WebSockets before somebody else's server: relay.js HOST:PORT
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { attachRelay } from "gen-stubs-runtime/relay";
import { emit } from "./emit.js";

const web = createServer();
attachRelay(web, { targets: { peer: `http://${process.argv[2]}` } });
web.listen(0, "127.0.0.1", () => emit({ port: (web.address() as AddressInfo).port })); // it listens on TCP
