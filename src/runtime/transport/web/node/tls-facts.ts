export { tlsFacts } from "../../grpc-h2/node/tls-facts.js";
