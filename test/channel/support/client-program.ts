import { connect } from "../../../src/runtime/index.js";
import { TrialClient } from "../../contract/harness/trial-service.js";

// One call over a channel that nobody closes: the process is to end by itself.
const [targets, options] = JSON.parse(process.argv[2] ?? "[]");
const { value } = await new TrialClient(connect(targets, options)).greet({ value: "" });
console.log(value);
