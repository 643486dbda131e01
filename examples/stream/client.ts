/** Five calls at once over one connection. */
import { connect } from "gen-stubs-runtime";
import { StreamServiceClient } from "./gen/stream_grpc.js";

await using channel = connect(`http://${process.argv[2] ?? "127.0.0.1:50051"}`);
const client = new StreamServiceClient(channel);

async function fetchAll(id: number): Promise<string[]> {
  const results: string[] = [];
  for await (const { result } of client.fetchResponse({ id }, { timeoutMs: 30_000 })) {
    console.log(result);
    results.push(result);
  }
  return results;
}

const responses = await Promise.all([1, 2, 3, 4, 5].map(fetchAll));
console.log(`${responses.length} responses, ${responses.flat().length} pieces`);
