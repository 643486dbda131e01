import type { CalledMethod } from "../../core/method.js";
import type { Address, Picker, Subchannel } from "../../transport/routing.js";
import type { ClientListener, ClientStream, ConnectivityState, StartOptions } from "../../transport/transport.js";

/** A subchannel as a policy is to see it: with a state that is not its connection's alone. */
export abstract class WrappedSubchannel implements Subchannel {
  /** The wrapped subchannel. */
  abstract readonly inner: Subchannel;
  abstract readonly state: ConnectivityState;

  get address(): Address {
    return this.inner.address;
  }

  get lastFailure(): string {
    return this.inner.lastFailure;
  }

  get openCalls(): number {
    return this.inner.openCalls;
  }

  connect(): void {
    this.inner.connect();
  }

  resetBackoff(): void {
    this.inner.resetBackoff();
  }

  close(): void {
    this.inner.close();
  }

  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out> {
    return this.inner.start(method, options, listener);
  }
}

/** Adapts the picker of a policy that has wrapped subchannels: it returns the subchannels inside. */
export function unwrapping(picker: Picker): Picker {
  return {
    pick(call) {
      const picked = picker.pick(call);
      return picked instanceof WrappedSubchannel ? picked.inner : picked;
    },
  };
}
