/** Who calls: a token in the metadata, over mutual TLS. Stands for an identity provider. */
import { contextKey, RpcError, type ServerInterceptor, status } from "gen-stubs-runtime";
import { ErrorInfoSchema } from "gen-stubs-runtime/errors";

export interface User {
  readonly name: string;
}

/** The caller, for handlers and whatever they call. */
export const userKey = contextKey<User>("user");

const users = new Map<string, User>([["secret-of-ada", { name: "ada" }]]);

/** Health checks and reflection need no user; everything else does. */
const open = /^\/grpc\.(?:health|reflection)\./;

export const authenticate: ServerInterceptor = async (call, next) => {
  if (!open.test(call.method.path)) {
    const [header = ""] = call.metadata.get("authorization");
    const user = users.get(String(header).replace(/^Bearer /, ""));
    if (user === undefined) {
      throw new RpcError(status.UNAUTHENTICATED, "a valid token is needed", {
        details: [[ErrorInfoSchema, { reason: "TOKEN_UNKNOWN", domain: "orders.example.com" }]],
      });
    }
    call.context.set(userKey, user);
  }
  await next();
};

/** Which programs may call at all, by the name in their certificates. */
export const authoriseProgram: ServerInterceptor = async (call, next) => {
  const subject = call.connection.tls?.certificate?.subject;
  if (subject !== "CN=client") throw new RpcError(status.PERMISSION_DENIED, `not for ${subject ?? "nobody"}`);
  await next();
};
