#!/usr/bin/env node
import { main } from "../dist/plugin/main.js";

await main(process.argv.slice(2));
