// A server on grpc-js in a process of its own, without a build step, that fails each call so many times and then answers.
//   node peer-server.mjs <failures> [port]   prints its port; "hang" for failures: answers nothing, and prints "called"
import { Metadata, Server, ServerCredentials } from "@grpc/grpc-js";

const [, , failures, port = "0"] = process.argv;
const UNAVAILABLE = 14;
const asIs = { serialize: (bytes) => bytes, deserialize: (bytes) => bytes };
const failed = new Map();

/** How often this method was called, from 0 on; the retries say the same of themselves. */
function fails(path, metadata) {
  if (failures === "hang") {
    console.log("called");
    return undefined;
  }
  const before = failed.get(path) ?? 0;
  const said = Number(metadata.get("grpc-previous-rpc-attempts")[0] ?? 0);
  if (said !== before) return { code: 13, details: `attempt ${before} says ${said}` };
  if (before === Number(failures)) {
    failed.delete(path);
    return null;
  }
  failed.set(path, before + 1);
  return { code: UNAVAILABLE, details: "not yet", metadata: new Metadata() };
}

const definition = (path, requestStream, responseStream) => ({
  path,
  requestStream,
  responseStream,
  requestSerialize: asIs.serialize,
  requestDeserialize: asIs.deserialize,
  responseSerialize: asIs.serialize,
  responseDeserialize: asIs.deserialize,
});

const server = new Server();
server.addService(
  {
    greet: definition("/contract.v1.Trial/Greet", false, false),
    download: definition("/contract.v1.Trial/Download", false, true),
    upload: definition("/contract.v1.Trial/Upload", true, false),
    chat: definition("/contract.v1.Trial/Chat", true, true),
  },
  {
    greet(call, answer) {
      const failure = fails("greet", call.metadata);
      if (failure !== undefined) answer(failure, call.request);
    },
    download(call) {
      const failure = fails("download", call.metadata);
      if (failure) return call.emit("error", failure);
      for (let i = 0; i < 3; i++) call.write(Buffer.from([0x0a, 1, i]));
      call.end();
    },
    upload(call, answer) {
      let messages = 0;
      call.on("data", () => messages++);
      call.on("end", () => {
        const failure = fails("upload", call.metadata);
        if (failure !== undefined) answer(failure, Buffer.from([0x08, messages]));
      });
    },
    chat(call) {
      let failure;
      call.on("data", (bytes) => {
        failure ??= fails("chat", call.metadata) ?? false;
        if (failure) call.emit("error", failure);
        else call.write(bytes);
      });
      call.on("end", () => call.end());
    },
  },
);
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (_, bound) => console.log(bound));
