/** The version in this package's package.json, for the `user-agent`. `npm run release:version` writes it; a test compares. */
export const VERSION = "0.1.0";
