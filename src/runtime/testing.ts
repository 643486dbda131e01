/** Fakes and recordings for tests of programs that call a service. Needs `@bufbuild/protobuf`. */
export { type Fake, fake, type RecordedCall, type RecordedCalls, type RequestOf } from "./testing/fake.js";
export { recordTo, replayFrom } from "./testing/recording.js";
export { fails, hangs, inTurn, sends } from "./testing/scripts.js";
