/** How a program names the files beside it. */
export type Extension = "" | ".js" | ".ts";

/**
 * The program of every project: a server and a client in one process, over a socket, and what each of them saw. `types`: with the
 * types that a user writes; without them it is JavaScript. `loads`: by `import` or by `require`.
 */
export function program(extension: Extension, { types = true, loads = "import" as "import" | "require" } = {}): string {
  const type = (text: string): string => (types ? text : "");
  const runtime = "{ RpcError, Server, connect, status }";
  const stubs = "{ KindsClient, KindsService }";
  const load = (names: string, from: string): string =>
    loads === "import" ? `import ${names} from "${from}";` : `const ${names} = require("${from}");`;
  const messages = "{ Colour }";
  return `${load(runtime, "gen-stubs-runtime")}
${load(stubs, `./gen/kinds_grpc${extension}`)}
${load(messages, `./gen/kinds_pb${extension}`)}

${loads === "import" ? "export " : ""}async function main()${type(": Promise<string>")} {
  const served${type(": string[]")} = [];
  const server = new Server().add(KindsService, {
    unary(item) {
      served.push("unary");
      if (item.text === "refuse") throw new RpcError(status.NOT_FOUND, "not here");
      return { text: item.text, colour: Colour.RED, at: item.at };
    },
    async *down({ text }) {
      served.push("down");
      for (const letter of text) yield { text: letter };
    },
    async up(call) {
      served.push("up");
      let text = "";
      for await (const item of call) text += item.text;
      await call.sendAndClose({ text });
    },
    async both(call) {
      served.push("both");
      for await (const { text } of call) await call.send({ text: text.toUpperCase() });
    },
  });
  const { address } = await server.listen("127.0.0.1:0");
  const channel = connect(\`http://\${address}\`);
  const client = new KindsClient(channel);
  const seen${type(": string[]")} = [];

  const { colour, at } = await client.unary({ text: "a", at: { seconds: BigInt(1), nanos: 0 } });
  seen.push(\`\${colour === Colour.RED} \${at?.seconds}\`);
  for await (const { text } of client.down({ text: "xyz" })) seen.push(text);
  const up = client.up();
  for (const text of ["1", "2", "3"]) await up.send({ text });
  seen.push((await up.closeAndRecv()).text);
  const both = client.both();
  await both.send({ text: "hello" });
  seen.push((await both.recv())?.text ?? "nothing");
  await both.closeSend();
  try {
    await client.unary({ text: "refuse" });
  } catch (error) {
    seen.push(error instanceof RpcError ? status[error.code] : String(error));
  }
  await channel.close();
  await server.shutdown({ graceMs: 1000 });
  return \`serves \${served.join(" ")}; calls \${seen.join(" ")}\`;
}
${loads === "import" ? "" : "\nmodule.exports = { main };\n"}`;
}

/** Runs {@link program}. */
export const start = "main().then(console.log);\n";

/** What {@link program} must print. */
export const printed = "serves unary down up both unary; calls true 1 x y z 123 HELLO NOT_FOUND";
