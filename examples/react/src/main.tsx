import "./style.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fetchChannel } from "gen-stubs-runtime/web";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { WeatherClient } from "../gen/weather_grpc.js";
import { App } from "./app.js";

const channel = fetchChannel(`${location.origin}/api`, { protocol: "connect", useHttpGet: true });
const client = new WeatherClient(channel);
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={new QueryClient()}>
      <App client={client} />
    </QueryClientProvider>
  </StrictMode>,
);
