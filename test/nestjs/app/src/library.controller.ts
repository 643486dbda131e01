import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type PipeTransform,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
} from "@nestjs/common";
import { GrpcMethod, GrpcStreamCall, GrpcStreamMethod, RpcException } from "@nestjs/microservices";
import { concat, finalize, from, map, type Observable, of, reduce, Subject, throwError } from "rxjs";

export interface Item {
  text: string;
  count: number;
}

/** What of a call's metadata is used: of grpc-js's and of ours. */
interface Headers {
  get(key: string): unknown[];
}

/** What of a call is used. */
interface Call {
  readonly cancelled: boolean;
  getPath(): string;
  getPeer(): string;
  getDeadline(): Date | number;
  sendMetadata(header: never): void;
  on(event: "cancelled", listener: () => void): unknown;
}

interface Stream extends NodeJS.ReadWriteStream {
  readonly metadata: Headers;
  getPath(): string;
}

/** What happened with the calls that were cancelled, by name. */
export const ends: Map<string, string> = new Map();

@Injectable()
class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const args = context.getArgs();
    const headers: Headers = args[0]?.metadata ?? context.switchToRpc().getContext();
    if (headers.get("refuse-silently").length > 0) return false;
    if (headers.get("refuse").length === 0) return true;
    throw new RpcException({ code: 16, message: "who are you?" });
  }
}

/** Marks what goes through it. */
@Injectable()
class Marking implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((item) => (item?.text === undefined ? item : { ...item, text: `<${item.text}>` })));
  }
}

/** Refuses one message, and lets the rest be. */
@Injectable()
class Checking implements PipeTransform {
  transform(value: unknown): unknown {
    if ((value as Item | undefined)?.text === "invalid") throw new RpcException({ code: 3, message: "no such text" });
    return value;
  }
}

class Accident extends Error {}

@Catch(Accident)
class AccidentFilter {
  catch(accident: Accident, _: ArgumentsHost): Observable<never> {
    return throwError(() => ({ code: 15, message: `caught ${accident.message}` }));
  }
}

function fail(text: string): void {
  if (text === "rpc") throw new RpcException({ code: 5, message: "not here" });
  if (text === "text") throw new RpcException("only a text");
  if (text === "accident") throw new Accident("it");
  if (text === "internal") throw new Error("secret");
}

@Controller()
@UseGuards(TokenGuard)
@UseInterceptors(Marking)
@UsePipes(Checking)
@UseFilters(AccidentFilter)
export class LibraryController {
  @GrpcMethod("Library", "Unary")
  async unary(item: Item, headers: Headers, call: Call): Promise<Partial<Item>> {
    fail(item.text);
    const [value = "none"] = headers.get("key");
    const [bytes] = headers.get("key-bin");
    return {
      text: `${item.text} ${value} ${bytes === undefined ? "" : [...(bytes as Uint8Array)]} ${call.getPath()}`,
      count: item.count + 1,
    };
  }

  /** The response is an empty message. */
  @GrpcMethod("Library", "Forget")
  async forget(): Promise<void> {}

  @GrpcMethod("library.v1.Library")
  unaryObservable(item: Item, _: Headers, call: Call): Observable<Partial<Item>> {
    if (item.text === "later") return throwError(() => new RpcException({ code: 9, message: "not yet" }));
    if (item.text === "deadline") return of({ text: String(Number(call.getDeadline()) > Date.now()) });
    if (item.text === "hang") {
      call.on("cancelled", () => ends.set("unary", `cancelled ${call.cancelled}`));
      return new Subject();
    }
    return of({ text: item.text }, { text: "another" });
  }

  @GrpcMethod("Library", "Down")
  down(item: Item): Observable<Partial<Item>> {
    fail(item.text);
    const items = from(Array.from({ length: item.count }, (_, count) => ({ text: item.text, count })));
    if (item.text === "then fail")
      return concat(
        items,
        throwError(() => new RpcException({ code: 8, message: "no more" })),
      );
    if (item.text === "hang") {
      const endless = new Subject<Partial<Item>>();
      return concat(items, endless).pipe(finalize(() => ends.set("down", "unsubscribed")));
    }
    return items;
  }

  @GrpcStreamMethod("Library", "Up")
  async up(items: Observable<Item>, headers: Headers): Promise<Partial<Item>> {
    const texts: string[] = [];
    await items.forEach(({ text }) => {
      fail(text);
      texts.push(text);
    });
    return { text: texts.join(""), count: headers.get("key").length };
  }

  @GrpcStreamMethod("Library", "UpObservable")
  upObservable(items: Observable<Item>): Observable<Partial<Item>> {
    return items.pipe(
      reduce((sum, { count }) => ({ text: "sum", count: sum.count + count }), { text: "sum", count: 0 }),
    );
  }

  @GrpcStreamMethod("Library", "Both")
  both(items: Observable<Item>): Observable<Partial<Item>> {
    return items.pipe(
      map((item) => {
        fail(item.text);
        return { text: item.text.toUpperCase(), count: item.count };
      }),
    );
  }

  /** As in Nest's guide: nobody listens to errors. */
  @GrpcStreamMethod("Library", "BothSubject")
  bothSubject(items: Observable<Item>): Observable<Partial<Item>> {
    const subject = new Subject<Partial<Item>>();
    items.subscribe({
      next: ({ text }) => subject.next({ text: `re ${text}` }),
      complete: () => subject.complete(),
    });
    return subject.asObservable();
  }

  @GrpcStreamCall("Library", "UpCall")
  upCall(stream: Stream, callback: (error: unknown, item?: Partial<Item>) => void): void {
    const texts: string[] = [];
    stream.on("data", ({ text }: Item) => texts.push(text));
    stream.on("end", () => {
      if (texts.includes("rpc")) callback({ code: 5, message: "not here" });
      else callback(null, { text: texts.join("") });
    });
  }

  @GrpcStreamCall("Library", "BothCall")
  bothCall(stream: Stream): void {
    stream.on("data", ({ text, count }: Item) => {
      if (text === "rpc") stream.emit("error", { code: 5, message: "not here" });
      else stream.write({ text: `call ${text}`, count } as never);
    });
    stream.on("end", () => stream.end());
  }
}

/** Without guards and interceptors: what it answers is what was noted. */
@Controller()
export class EndsController {
  @GrpcMethod("Ends", "Last")
  last({ text }: Item): Partial<Item> {
    return { text: ends.get(text) ?? "" };
  }
}
