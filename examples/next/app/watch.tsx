"use client";

import { fetchChannel } from "gen-stubs-runtime/web";
import { useEffect, useState } from "react";
import { WeatherClient } from "../gen/weather_grpc";

/** Readings as they come: a server stream, read in the browser. */
export function Watch({ place }: { place: string }) {
  const [readings, setReadings] = useState<readonly number[]>([]);
  const [error, setError] = useState<string>();

  useEffect(() => {
    const weather = new WeatherClient(fetchChannel(`${location.origin}/api`, { protocol: "connect" }));
    const left = new AbortController();
    const read = async () => {
      for await (const { celsius } of weather.watch({ name: place }, { signal: left.signal })) {
        setReadings((before) => [...before, celsius].slice(-10));
      }
    };
    read().catch((reason) => {
      if (!left.signal.aborted) setError(String(reason));
    });
    return () => left.abort();
  }, [place]);

  if (error !== undefined) return <p role="alert">{error}</p>;
  return <p className="readings">{readings.map((celsius) => celsius.toFixed(1)).join("  ")}</p>;
}
