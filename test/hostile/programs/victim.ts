/** A client that does no harm: `victim.js <port>`. It calls all the time, one call after the other, and counts what fails. */
import { callUnary } from "../../../src/runtime/codegen-v1.js";
import { connect } from "../../../src/runtime/index.js";
import { methods } from "../service.js";

const channel = connect(`http://127.0.0.1:${process.argv[2]}`);
let answered = 0;
const failures: string[] = [];
process.on("message", () => process.send?.({ answered, failures }));
process.on("disconnect", () => process.exit(0));
for (;;) {
  try {
    await callUnary(channel, methods.echo, { value: new Uint8Array(10) }, { waitForReady: true });
    if (answered++ === 0) process.send?.({ ready: true });
  } catch (error) {
    failures.push(String(error));
    if (failures.length > 10) process.exit(1);
  }
  await new Promise((resolve) => setTimeout(resolve, 2));
}
