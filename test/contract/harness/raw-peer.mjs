// A peer in a process of its own, so that a test can kill it. No build step: plain Node, HTTP/2 frames by hand.
//   node raw-peer.mjs serve            serves; prints its port; answers every call with three messages and then silence
//   node raw-peer.mjs upload <port>    calls Upload with three messages and then silence; prints "sent"
import { connect, createServer } from "node:http2";

// google.protobuf.BytesValue{value: [7]} in a gRPC frame
const FRAME = Buffer.from([0, 0, 0, 0, 3, 0x0a, 1, 7]);
const THREE = Buffer.concat([FRAME, FRAME, FRAME]);
const [, , role, port] = process.argv;

if (role === "serve") {
  const server = createServer();
  server.on("stream", (stream) => {
    stream.on("error", () => {});
    stream.respond({ ":status": 200, "content-type": "application/grpc+proto" });
    stream.write(THREE);
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
} else {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({
    ":method": "POST",
    ":path": "/contract.v1.Trial/Upload",
    te: "trailers",
    "content-type": "application/grpc+proto",
  });
  stream.write(THREE, () => console.log("sent"));
}
