// biome-ignore-all lint/complexity/noUselessConstructor: keeps the signature that the client has once there are methods
/** What differs in the stubs of a service without methods: a field that nothing reads would not pass the compiler. */
import type { Channel } from "gen-stubs-runtime/codegen-v1";

/**
 * $comments
 *
 * Calls `$typeName`, which has no methods yet.
 *
 * $deprecated
 */
export class $Client {
  constructor(_channel: Channel) {}
}
