import { loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

/** What proto-loader makes of chat.proto with its defaults: plain objects in lowerCamel. */
export interface ChatMessage {
  user: string;
  message: string;
  timestamp: string;
}

/** Loads `chat.Chat` as programs without a code generator do. */
export function loadChat(folder: string): ServiceClientConstructor {
  const loaded = loadPackageDefinition(loadSync("chat.proto", { includeDirs: [folder], defaults: true }));
  // The type of what was loaded is known only from the .proto file.
  return (loaded as unknown as { chat: { Chat: ServiceClientConstructor } }).chat.Chat;
}
