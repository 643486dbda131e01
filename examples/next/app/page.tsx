import { weather } from "../weather/client";
import { Watch } from "./watch";

/** Rendered for each request: the server calls by gRPC, and the page comes with the answer in it. */
export const dynamic = "force-dynamic";

export default async function Page() {
  const { place, celsius } = await weather.now({ name: "Oslo" }, { timeoutMs: 5_000 });
  return (
    <main>
      <h1>Weather</h1>
      <p className="now">{`${place}: ${celsius.toFixed(1)} °C`}</p>
      <Watch place="Oslo" />
    </main>
  );
}
