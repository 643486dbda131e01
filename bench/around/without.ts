/**
 * Copies of the compiled runtime out of which something is taken. It can do nothing of that: it is what the price is measured against.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** In a file of the compiled runtime: text that stands there once, and what stands in its place. */
type Cut = readonly [text: string, instead: string];

type Cuts = Readonly<Record<string, readonly Cut[]>>;

/** The caller's frame in the stack of an error: of unary calls by an async function, of all others by `captureStackTrace`. */
export const callersFrame: Cuts = {
  "call/client/unary.js": [
    [
      `
	call.promise = outcomeOf(call);
	return call.promise;
}
async function outcomeOf(call) {
	await call.over;
	if (!call.core.failed) return call.response;
	const error = call.core.error();
	call.promise?.catch(ignore);
	throw error;
}`,
      `
	return call.over;
}`,
    ],
    ["\n\tpromise;", ""],
    [
      "this.#over.resolve();",
      `if (this.core.failed) this.#over.reject(this.core.error());
		else this.#over.resolve(this.response);`,
    ],
  ],
  "core/call-site.js": [
    [
      `
	const site = {};
	v8.captureStackTrace?.(site, above);
	return site;`,
      "",
    ],
  ],
};

/**
 * Everything that stands around a call: interceptors, credentials, parents, observers, the limit of running calls, counts for `stats()`,
 * the current call, `compressed`: "costs nothing where it is not used".
 */
export const around: Cuts = {
  "call/client/start-stream.js": [
    [
      `
	const own = credentials === void 0 ? interceptors : [...interceptors ?? [], withCredentials(credentials)];
	const through = own === void 0 ? channel : withInterceptors(channel, own);
	return streamStarter.start(through, method, start, listener);`,
      `
	return channel.start(method, start, listener);`,
    ],
  ],
  "call/client/caller-signals.js": [
    ["\n\treturn parent?.signal.aborted === true ? parent.signal : void 0;", ""],
    ["\n\tif (parent !== void 0) watchSignal(parent.signal, call);", ""],
    ["\n\tif (parent !== void 0) unwatchSignal(parent.signal, call);", ""],
  ],
  "call/client/start-options.js": [
    ["\n\tif (options.parent !== void 0) continueTrace(options.parent.metadata, metadata);", ""],
    [
      `,
		context: options.context`,
      "",
    ],
    ["const { timeoutMs, deadline, parent } = options;", "const { timeoutMs, deadline } = options;"],
    [" && parent === void 0) return", ") return"],
    ["\n\tconst byParent = parent === void 0 ? Number.POSITIVE_INFINITY : monotonicMs() + parent.timeoutMs();", ""],
    ["Math.min(byTimeout, byDeadline, byParent)", "Math.min(byTimeout, byDeadline)"],
  ],
  "call/server/method-servers.js": [
    ["\n\t\tif (isObserved()) return acceptObserved(stream, this.method, (observed) => this.#serve(observed));", ""],
  ],
  "call/server/call-core.js": [
    ["\n\t#entry;\n\t#interception;", ""],
    [
      `
		const { admission, interceptors } = rules;
		const isIntercepted = interceptors.length > 0;
		if (isIntercepted) this.#interception = new Interception(interceptors);
		if (isIntercepted || admission !== void 0) this.#entry = new CallEntry(this, admission, isIntercepted);
		this.received = this.#interception?.hooked(stream.received) ?? stream.received;`,
      `
		this.received = stream.received;`,
    ],
    [
      `
		if (this.#entry === void 0) this.begin();
		else this.#entry.open();`,
      `
		this.begin();`,
    ],
    [
      `
	intercept(release) {
		this.#running++;
		runAsCurrent(this.object, () => {
			this.#interception?.run(this.object, release).then(() => this.#close(statusObject(status.OK, "")), (error) => this.#closeWith(error));
		});
	}`,
      "",
    ],
    ["this.#entry?.holds !== true && !this.isOver && this.received", "!this.isOver && this.received"],
    ["this.#entry?.holdsHalfClose() !== true && !this.isOver", "!this.isOver"],
    [
      `
		this.#interception?.ended({ error });
		if (this.#running === 0 && this.#entry?.holds === true) this.#stream.handlerDone();
		this.#leaveWhenDone();`,
      "",
    ],
    ["this.#interception === void 0 ? message : this.#interception.sent(message)", "message"],
    [
      `
		if (this.#interception === void 0) this.#run();
		else this.#interception.within(() => this.#run());
	}
	#run() {`,
      "",
    ],
    [
      `
		if (callRunner === void 0) runHandler(this);
		else callRunner(this.object, () => runHandler(this));`,
      `
		runHandler(this);`,
    ],
    [
      `
		this.#stream.handlerDone();
		this.#leaveWhenDone();
	}
	#leaveWhenDone() {
		if (this.#running === 0 && this.isOver) this.#entry?.leave();
	}`,
      `
		this.#stream.handlerDone();
	}`,
    ],
    [
      `
		else if (this.#interception === void 0) this.#closeWith(error);
		else this.#endBelow({ error });`,
      `
		else this.#closeWith(error);`,
    ],
    [
      `
		if (this.#interception === void 0) this.#close(status$1);
		else this.#endBelow(status$1.code === status.OK ? void 0 : { error: error ?? this.#errorOf(status$1) });
	}
	#endBelow(failure) {
		this.#finished = true;
		const { error } = failure ?? {};
		this.#parts.ended(failure === void 0 ? void 0 : () => this.#errorOf(statusOrUnknown(error)), false);
		this.#interception?.ended(failure);
	}`,
      `
		this.#close(status$1);
	}`,
    ],
    ["\n\t\t\tif (this.#interception !== void 0) this.#abort(error);", ""],
    [
      `
		if (this.#interception !== void 0) this.#doneRunning();
		else this.#leaveWhenDone();`,
      "",
    ],
  ],
  "call/receiving-half.js": [
    ["\n\t#compressed;\n\t#lastCompressed;", ""],
    ["\n\t\treturn this.#aheadAt === this.#ahead.length ? this.#lastCompressed : this.#compressed;", ""],
    [
      `
		const { compressed, mayBeCompressed } = source;
		let last = compressed;`,
      "",
    ],
    [
      `
				if (mayBeCompressed !== true) continue;
				last = source.compressed;
				if (last !== compressed) break;`,
      "",
    ],
    ["\n\t\tthis.#compressed = compressed;\n\t\tthis.#lastCompressed = last;", ""],
    ["\n\t\t\tthis.#lastCompressed = source.compressed;", ""],
  ],
  "wire/deframer.js": [["\n\t\t\tthis.compressed = flag !== 0;", ""]],
  "transport/grpc-h2/server/served-connection.js": [
    ["\n\t\tthis.#counts.begun();", ""],
    ["\n\t\tthis.#counts.ended(code);", ""],
  ],
  "transport/grpc-h2/client/channel-base.js": [
    ["\n\t\tthis.#counts.begun();", ""],
    ["\n\t\tthis.#counts.ended(code);", ""],
  ],
  "transport/grpc-h2/client/connection-calls.js": [
    ["\n\t\tthis.#counts.begun();", ""],
    ["\n\t\tthis.#counts.ended(code);", ""],
  ],
};

/**
 * Makes a copy. Throws where a cut does not fit: the runtime has changed, and the cut has to follow it.
 * @param cuts what is taken out
 * @param runtime the compiled runtime
 * @param into where the copy goes; within the repository, so that it finds the same packages
 */
export function makeWithout(cuts: Cuts, runtime: string, into: string): void {
  rmSync(into, { recursive: true, force: true });
  cpSync(runtime, into, { recursive: true, filter: (path) => !/\.(?:cjs|cts|map|d\.ts)$/.test(path) });
  writeFileSync(join(into, "package.json"), '{ "type": "module" }\n');
  for (const [file, ofFile] of Object.entries(cuts)) {
    const path = join(into, file);
    let text = readFileSync(path, "utf8");
    for (const [cut, instead] of ofFile) {
      const parts = text.split(cut);
      if (parts.length !== 2) throw new Error(`${file} has this ${parts.length - 1} times, not once:\n${cut}`);
      text = parts.join(instead);
    }
    writeFileSync(path, text);
  }
}
