import { queryOptions, experimental_streamedQuery as streamedQuery } from "@tanstack/react-query";
import type { WeatherClient } from "../gen/weather_grpc.js";
import type { Reading } from "../gen/weather_pb.js";

/** A unary call as a query. Where nobody wants it any more, TanStack Query aborts the signal, and the call is cancelled. */
export function nowQuery(client: WeatherClient, name: string) {
  return queryOptions({
    queryKey: ["weather", "now", name],
    queryFn: ({ signal }) => client.now({ name }, { signal, timeoutMs: 5_000 }),
  });
}

/** A server stream as a query whose data is its last readings. It goes on as long as a component shows it. */
export function watchQuery(client: WeatherClient, name: string, last = 10) {
  return queryOptions({
    queryKey: ["weather", "watch", name],
    queryFn: streamedQuery({
      streamFn: ({ signal }) => client.watch({ name }, { signal }),
      reducer: (readings: Reading[], reading: Reading) => [...readings, reading].slice(-last),
      initialValue: [],
    }),
    // A stream that ended is not begun again because the window was looked at.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
