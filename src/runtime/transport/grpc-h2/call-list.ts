/** What can be a member of one {@link CallList} at a time. */
export interface CallLinks<Call> {
  next: Call | undefined;
  previous: Call | undefined;
  /** The list it is in. */
  list: object | undefined;
}

/** Calls in the order in which they came; adding and removing one costs two assignments and no memory. */
export class CallList<Call extends CallLinks<Call>> {
  #first: Call | undefined;
  #last: Call | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Call | undefined {
    return this.#first;
  }

  /** Only for a call that is in no list. */
  add(call: Call): void {
    call.list = this;
    call.previous = this.#last;
    call.next = undefined;
    if (this.#last === undefined) this.#first = call;
    else this.#last.next = call;
    this.#last = call;
    this.#size++;
  }

  /** Does nothing for a call that is not in this list. */
  remove(call: Call): void {
    if (call.list !== this) return;
    call.list = undefined;
    if (call.previous === undefined) this.#first = call.next;
    else call.previous.next = call.next;
    if (call.next === undefined) this.#last = call.previous;
    else call.next.previous = call.previous;
    call.next = undefined;
    call.previous = undefined;
    this.#size--;
  }

  /** The members as they are now: for loops that end calls. */
  toArray(): Call[] {
    const calls: Call[] = [];
    for (let call = this.#first; call !== undefined; call = call.next) calls.push(call);
    return calls;
  }
}
