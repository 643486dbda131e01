import type {
  DynamicModule,
  FactoryProvider,
  InjectionToken,
  ModuleMetadata,
  OptionalFactoryDependency,
} from "@nestjs/common";
import { type ConnectOptions, connect } from "../index.js";
import type { Channel } from "../transport/transport.js";

/** A generated client. */
export type ClientClass = new (channel: Channel) => object;

/** Which clients are provided, on which channel. */
export interface GrpcClientOptions extends ConnectOptions {
  /** What `connect` takes: `http://host:port`, `https://host:port`, `unix:/path`, `dns:///host:port`. */
  readonly target: string;
  /** The generated clients. */
  readonly clients: readonly ClientClass[];
  /** Whether all modules may inject them without an import. Default false. */
  readonly global?: boolean | undefined;
}

/** As {@link GrpcClientOptions}, with a channel that is made of what Nest injects. */
export interface GrpcClientAsyncOptions<Injected extends readonly unknown[] = readonly never[]>
  extends Pick<ModuleMetadata, "imports"> {
  /** The generated clients. */
  readonly clients: readonly ClientClass[];
  /** What `useFactory` gets. */
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[] | undefined;
  /** Makes the channel: by `connect`, `grpcJsChannel`, `inProcess`. */
  readonly useFactory: (...injected: Injected) => Channel | Promise<Channel>;
  /** Whether all modules may inject them without an import. Default false. */
  readonly global?: boolean | undefined;
}

/** Closes the channel when the application shuts down, after the last hooks that may still make calls. */
class ChannelHolder {
  readonly channel: Channel;

  constructor(channel: Channel) {
    this.channel = channel;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.channel.close();
  }
}

/**
 * Generated clients as providers: `constructor(private readonly weather: WeatherClient)`. They share a channel, which the
 * application closes.
 *
 * @example
 * ```ts
 * @Module({ imports: [GrpcClientModule.register({ target: "http://weather:50051", clients: [WeatherClient] })] })
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: a module of Nest is a class.
export class GrpcClientModule {
  /** Clients of a server whose address is known. @throws TypeError as `connect` */
  static register({ target, clients, global, ...options }: GrpcClientOptions): DynamicModule {
    return GrpcClientModule.registerAsync({ clients, global, useFactory: () => connect(target, options) });
  }

  /** Clients on a channel that a factory makes of injected values. */
  static registerAsync<Injected extends readonly unknown[]>(options: GrpcClientAsyncOptions<Injected>): DynamicModule {
    const { clients, imports = [], inject = [], global = false, useFactory } = options;
    const holder: FactoryProvider<ChannelHolder> = {
      provide: Symbol("gen-stubs channel"),
      // What is injected is what the factory takes: Nest cannot say it in types.
      useFactory: async (...injected) => new ChannelHolder(await useFactory(...(injected as unknown as Injected))),
      inject: [...inject],
    };
    const providers = clients.map(
      (Client): FactoryProvider<object> => ({
        provide: Client,
        useFactory: ({ channel }: ChannelHolder) => new Client(channel),
        inject: [holder.provide],
      }),
    );
    return { module: GrpcClientModule, global, imports, providers: [holder, ...providers], exports: [...clients] };
  }
}
