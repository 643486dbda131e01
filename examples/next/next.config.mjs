/** @type {import("next").NextConfig} */
export default {
  // Node loads it by itself, with its zlib and sockets; it needs no bundling on the server.
  serverExternalPackages: ["gen-stubs-runtime"],
};
