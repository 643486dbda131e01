/** Header lists of gRPC calls, as one end sends them one after another on a connection. */
export interface Case {
  readonly name: string;
  /** The list of the nth block. */
  list(n: number): string[];
  readonly kind: "request" | "response" | "trailers";
}

const request = (path: string): string[] => [
  ...[":method", "POST", ":scheme", "http", ":path", path, ":authority", "orders.internal:50051"],
  ...["te", "trailers", "content-type", "application/grpc", "user-agent", "grpc-node-gen-stubs/1.0.0"],
  ...["grpc-accept-encoding", "identity,gzip"],
];

const path = "/shop.v1.OrderService/ListOrders";
const token = `Bearer ${"eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.".repeat(10)}`;
/** Strings of a call, made anew as a transport makes them: no two calls have the same ones. */
const fresh = (text: string, n: number): string => `${text}${n}`;

export const cases: readonly Case[] = [
  { name: "request", kind: "request", list: () => request(path) },
  { name: "request, 20 methods", kind: "request", list: (n) => request(fresh("/shop.v1.Orders/Method", n % 20)) },
  {
    name: "request, changing timeout",
    kind: "request",
    list: (n) => [...request(path), "grpc-timeout", fresh("", 1_000_000 + (n % 100_000)) + "u"],
  },
  { name: "request, 377 B token", kind: "request", list: () => [...request(path), "authorization", token] },
  {
    name: "request, trace ids",
    kind: "request",
    list: (n) => [...request(path), "traceparent", fresh("00-0af7651916cd43dd8448eb211c80319c-b7ad6b71692", n) + "-01"],
  },
  {
    name: "response",
    kind: "response",
    list: () => [...[":status", "200", "content-type", "application/grpc", "grpc-accept-encoding", "identity,gzip"]],
  },
  { name: "trailers", kind: "trailers", list: () => ["grpc-status", "0"] },
  {
    name: "trailers, an error",
    kind: "trailers",
    list: (n) => ["grpc-status", "5", "grpc-message", fresh("there is no order with the number ", n)],
  },
];
