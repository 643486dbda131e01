/** How many sockets and HTTP/2 sessions are open. */
export function openHandles(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCP|TLS|HTTP2|Pipe/i.test(name)).length;
}

/** Resolves when there are no more than that many; sockets close a few turns after they are told to. */
export async function handlesAtMost(count: number): Promise<void> {
  while (openHandles() > count) await new Promise((resolve) => setTimeout(resolve, 2));
}
