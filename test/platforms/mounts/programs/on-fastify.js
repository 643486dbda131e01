import fastify from "fastify";
import { nodeHandler } from "gen-stubs-runtime/web-server";
import { prefix, server, serving } from "./served.js";

const app = fastify();
const handler = nodeHandler(server, { prefix });
app.register(async (scope) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _body, done) => done(null));
  scope.all(`${prefix}/*`, (request, reply) => {
    reply.hijack();
    handler(request.raw, reply.raw);
  });
});
await app.listen({ host: "127.0.0.1", port: 0 });
serving(app.server.address().port);
