import type { MethodKind } from "../model/file-model.js";

/** The three texts that are made of each template. */
export type Target = "ts" | "js" | "dts";

/** What the placeholders of a service stand for. */
export interface ServiceBinding {
  /** `package.Service` */
  readonly typeName: string;
  /** The object of methods, which is not exported. */
  readonly methods: string;
  readonly Service: string;
  readonly Client: string;
  readonly Handlers: string;
  readonly Unimplemented: string;
  /** The service's descriptor, imported; `""` where there is none. */
  readonly Descriptor: string;
  /** Lines of a doc comment, escaped. */
  readonly comments: readonly string[];
  readonly deprecated: readonly string[];
}

/** What the placeholders of an rpc stand for. */
export interface MethodBinding {
  /** As in its service's binding. */
  readonly methods: string;
  readonly name: string;
  /** The name as an interface declares it: quoted where it would mean something else there. */
  readonly key: string;
  /** `/package.Service/Method` */
  readonly path: string;
  /** `package.Service.Method` */
  readonly rpc: string;
  readonly Request: string;
  readonly RequestInit: string;
  readonly requestCodec: string;
  readonly Response: string;
  readonly ResponseInit: string;
  readonly responseCodec: string;
  readonly comments: readonly string[];
  readonly deprecated: readonly string[];
}

/** What the placeholders of an init type stand for. */
export interface InitBinding {
  readonly Init: string;
  readonly Schema: string;
}

/** What the placeholders of a service's k6 stubs stand for. */
export interface K6ServiceBinding extends Pick<ServiceBinding, "typeName" | "comments" | "deprecated"> {
  readonly K6: string;
  readonly K6Async: string;
  /** Types that all services of a file share. */
  readonly Reply: string;
  readonly K6Stream: string;
}

/** What the placeholders of an rpc in k6 stubs stand for. */
export interface K6MethodBinding
  extends Pick<MethodBinding, "name" | "key" | "path" | "rpc" | "comments" | "deprecated">,
    Pick<K6ServiceBinding, "Reply" | "K6Stream"> {
  readonly RequestJson: string;
  readonly ResponseJson: string;
}

/** A name that generated code imports from a package. */
export interface PackageImport {
  readonly module: string;
  readonly name: string;
  readonly typeOnly: boolean;
}

/** A piece of a template, compiled. */
export interface Fragment<Binding> {
  readonly text: (binding: Binding) => string;
  readonly imports: readonly PackageImport[];
  /** The placeholders in it. */
  readonly uses: readonly string[];
}

/** A statement of a template. Where it has members for the four kinds of rpc, they are pieces of their own. */
export interface Block<Binding, Method = MethodBinding> {
  readonly open: Fragment<Binding>;
  readonly members?: Members<Method>;
}

export interface Members<Method> {
  /** Between the opening and the first member, between two members, and behind the last. */
  readonly gap: string;
  readonly separator: string;
  readonly close: string;
  /** Instead of members and `close`, where there are none. */
  readonly empty: string;
  readonly of: Readonly<Record<MethodKind, Fragment<Method>>>;
}

/** One target's templates. A statement of which nothing is left (an interface in JavaScript) is not there. */
export interface Templates {
  readonly service: {
    readonly methods?: Block<ServiceBinding>;
    readonly Service?: Block<ServiceBinding>;
    readonly Client?: Block<ServiceBinding>;
    readonly Handlers?: Block<ServiceBinding>;
    readonly Unimplemented?: Block<ServiceBinding>;
  };
  readonly "described-service": {
    readonly methods?: Block<ServiceBinding>;
    readonly Service?: Block<ServiceBinding>;
  };
  readonly "empty-service": { readonly Client?: Block<ServiceBinding> };
  /** The init type of a message library: `init-es`. */
  readonly [init: `init-${string}`]: { readonly Init?: Block<InitBinding> };
  readonly k6: {
    readonly Reply?: Block<K6ServiceBinding>;
    readonly K6Stream?: Block<K6ServiceBinding>;
    readonly K6?: Block<K6ServiceBinding, K6MethodBinding>;
    readonly K6Async?: Block<K6ServiceBinding, K6MethodBinding>;
  };
}
