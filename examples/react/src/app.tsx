import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { WeatherClient } from "../gen/weather_grpc.js";
import { nowQuery, watchQuery } from "./queries.js";
import { useStream } from "./use-stream.js";

const PLACES = ["Oslo", "Rome"];

/** A place to choose, its last reading, and its readings as they come: by a query, and by a hook of our own. */
export function App({ client }: { readonly client: WeatherClient }) {
  const [place, setPlace] = useState("Oslo");
  const [watching, setWatching] = useState(true);
  return (
    <main>
      <h1>Weather</h1>
      {PLACES.map((name) => (
        <button key={name} type="button" disabled={name === place} onClick={() => setPlace(name)}>
          {name}
        </button>
      ))}
      <Now client={client} place={place} />
      <button type="button" onClick={() => setWatching(!watching)}>
        {watching ? "Stop" : "Watch"}
      </button>
      {watching && <Watched client={client} place={place} />}
      {watching && <Streamed client={client} place={place} />}
    </main>
  );
}

interface Shown {
  readonly client: WeatherClient;
  readonly place: string;
}

function Now({ client, place }: Shown) {
  const { data, error } = useQuery(nowQuery(client, place));
  if (error !== null) return <p role="alert">{error.message}</p>;
  return <p data-testid="now">{data === undefined ? "…" : `${data.place}: ${data.celsius.toFixed(1)} °C`}</p>;
}

function Watched({ client, place }: Shown) {
  const { data = [], error } = useQuery(watchQuery(client, place));
  if (error !== null) return <p role="alert">{error.message}</p>;
  return (
    <ol data-testid="query">
      {data.map(({ number, celsius }) => (
        <li key={number}>{celsius.toFixed(1)}</li>
      ))}
    </ol>
  );
}

function Streamed({ client, place }: Shown) {
  const { messages, state } = useStream(() => client.watch({ name: place }), [client, place], 10);
  return (
    <ol data-testid="hook" data-state={state}>
      {messages.map(({ number, celsius }) => (
        <li key={number}>{celsius.toFixed(1)}</li>
      ))}
    </ol>
  );
}
