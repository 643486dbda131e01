/** Calls a method of each kind. `node dist/client.js [address]` */
import { connect, RpcError, status } from "gen-stubs-runtime";
import { WeatherClient } from "./gen/weather_grpc.js";

await using channel = connect(`http://${process.argv[2] ?? "127.0.0.1:50051"}`);
const weather = new WeatherClient(channel);

// unary: a promise
const { celsius } = await weather.now({ name: "Oslo" }, { timeoutMs: 5_000 });
console.log(`now: ${celsius}`);

// server stream: an async iterable
for await (const reading of weather.watch({ name: "Rome" })) console.log(`watch: ${reading.celsius}`);

// client stream: a writer
const report = weather.report();
await report.sendAll([10, 20, 30].map((celsius) => ({ place: "Oslo", celsius })));
const { count, mean } = await report.closeAndRecv();
console.log(`report: ${count} readings, mean ${mean}`);

// both ways: a writer and an async iterable
await using compare = weather.compare();
for (const name of ["Oslo", "Rome"]) {
  await compare.send({ name });
  const reading = await compare.recv();
  console.log(`compare: ${reading?.place} ${reading?.celsius}`);
}
await compare.closeSend();

// an error: a code, and a text for people
try {
  await weather.now({ name: "Atlantis" });
} catch (error) {
  if (!(error instanceof RpcError)) throw error;
  console.log(`error: ${status[error.code]}, ${error.details}`);
}
