import { type OptionNames, refuseUnknown } from "../../../core/known-options.js";
import type { Service } from "../../../core/service.js";
import type { HeaderList, Stream, StreamHandler } from "../../../h2/index.js";
import type { MethodServers } from "../../transport.js";
import type { WebConnection, WebDoors, WebDoorsFactory, WebLimits } from "../../web-doors.js";
import type { Doors, WebDoorsOptions } from "../../web-options.js";
import { H2Exchange } from "../h2/h2-exchange.js";
import { loadJsonCodecs } from "../json-codecs.js";
import { refuseHttp, serveExchange, type WebService } from "../serve-exchange.js";
import { WebMethodTable } from "../web-method.js";
import { CORS_OPTIONS, type ResolvedCors, resolveCors } from "../web-options.js";
import { Http1Door } from "./http1-door.js";

const WEB_OPTIONS: OptionNames<WebDoorsOptions> = { ...CORS_OPTIONS, upgrade: true };

/** @see `webDoors` of `gen-stubs-runtime/web-server` */
export function doorsOf(options: WebDoorsOptions): Doors {
  refuseUnknown(options, WEB_OPTIONS, "webDoors");
  const cors = resolveCors(options);
  return { forServices: (services) => factoryOf(options, cors, services) };
}

async function factoryOf(
  options: WebDoorsOptions,
  cors: ResolvedCors,
  services: readonly Service<never>[],
): Promise<WebDoorsFactory> {
  const json = await loadJsonCodecs(services);
  return (methods: MethodServers, limits: WebLimits): WebDoors => {
    const service: WebService = { methods: new WebMethodTable(methods, limits, json), cors };
    const http1 = new Http1Door(service, limits, options.upgrade ?? {});
    return {
      onStream: (stream, headers, requestEnded, connection) =>
        serveStream(stream, headers, requestEnded, connection, service),
      takeSocket: (socket) => http1.take(socket),
      stats: () => http1.stats(),
      shutdown: (graceMs) => http1.shutdown(graceMs),
    };
  };
}

function serveStream(
  stream: Stream,
  headers: HeaderList,
  requestEnded: boolean,
  connection: WebConnection,
  service: WebService,
): StreamHandler {
  const exchange = new H2Exchange(stream, headers, requestEnded, connection);
  if (!serveExchange(exchange, service, connection)) refuseHttp(exchange, 404, "No method has this path.");
  return exchange;
}
