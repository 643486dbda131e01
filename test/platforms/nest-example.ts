import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/packed.js";

const folder = join(repository, "examples/nestjs");

/** The example for NestJS as a project: its own files. Its packages are those of the kind. */
export const nestExample: Readonly<Record<string, string>> = Object.fromEntries(
  ["src", "protos"].flatMap((part) =>
    readdirSync(join(folder, part), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [`${part}/${name}`, readFileSync(join(folder, part, name), "utf8")]),
  ),
);

/** Serves in one process and calls in another, over a socket in the project's folder. */
export const runNestExample = `export GRPC_URL=unix:$PWD/app.sock GRPC_TARGET=unix:$PWD/app.sock
node dist/main.js > server.log 2>&1 & server=$!
for _ in $(seq 300); do grep -q listening server.log && break; sleep 0.1; done
node dist/client.js || { cat server.log; exit 1; }
kill $server && wait $server || true
cat server.log`;

/** What the client prints. */
export const nestExamplePrints = "20\n20\n20.5\n21\n20\n25\na place needs a name\n";
