/**
 * What stands in the templates for the names that come from a .proto file. Each is a type or value of its own, so that the
 * compiler sees when a template mixes up requests and responses, or what is received and what is sent.
 */
import type { Codec, ServiceDescriptor } from "gen-stubs-runtime/codegen-v1";

/** The request as it is received, and as it may be sent. */
export interface $Request {
  readonly requestField: string;
}
export interface $RequestInit {
  readonly requestField?: string;
}

/** The response as it is received, and as it may be sent. */
export interface $Response {
  readonly responseField: string;
}
export interface $ResponseInit {
  readonly responseField?: string;
}

export declare const $requestCodec: Codec<$Request, $RequestInit>;
export declare const $responseCodec: Codec<$Response, $ResponseInit>;

/** The descriptor of the service. */
export declare const $Descriptor: ServiceDescriptor;

/** Messages in their JSON shape. */
export interface $RequestJson {
  readonly requestField?: string;
}
export interface $ResponseJson {
  readonly responseField?: string;
}
