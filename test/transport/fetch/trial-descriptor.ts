import { create, createFileRegistry } from "@bufbuild/protobuf";
import type { GenService } from "@bufbuild/protobuf/codegenv2";
import {
  type BytesValueSchema,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  file_google_protobuf_wrappers,
  type Int32ValueSchema,
  MethodOptions_IdempotencyLevel,
  type StringValueSchema,
} from "@bufbuild/protobuf/wkt";

/** The service of the contract's tests as protobuf-es describes one, with a method more that has no side effects. */
export type TrialDescriptor = GenService<{
  greet: { methodKind: "unary"; input: typeof StringValueSchema; output: typeof StringValueSchema };
  look: { methodKind: "unary"; input: typeof StringValueSchema; output: typeof StringValueSchema };
  download: { methodKind: "server_streaming"; input: typeof Int32ValueSchema; output: typeof BytesValueSchema };
  upload: { methodKind: "client_streaming"; input: typeof BytesValueSchema; output: typeof Int32ValueSchema };
  chat: { methodKind: "bidi_streaming"; input: typeof StringValueSchema; output: typeof StringValueSchema };
}>;

const wrapper = (name: string): string => `.google.protobuf.${name}Value`;

const file = create(FileDescriptorProtoSchema, {
  name: "contract/v1/trial.proto",
  package: "contract.v1",
  syntax: "proto3",
  dependency: ["google/protobuf/wrappers.proto"],
  service: [
    {
      name: "Trial",
      method: [
        { name: "Greet", inputType: wrapper("String"), outputType: wrapper("String") },
        {
          name: "Look",
          inputType: wrapper("String"),
          outputType: wrapper("String"),
          options: { idempotencyLevel: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS },
        },
        { name: "Download", inputType: wrapper("Int32"), outputType: wrapper("Bytes"), serverStreaming: true },
        { name: "Upload", inputType: wrapper("Bytes"), outputType: wrapper("Int32"), clientStreaming: true },
        {
          name: "Chat",
          inputType: wrapper("String"),
          outputType: wrapper("String"),
          clientStreaming: true,
          serverStreaming: true,
        },
      ],
    },
  ],
});

const registry = createFileRegistry(
  create(FileDescriptorSetSchema, { file: [file_google_protobuf_wrappers.proto, file] }),
);

/** `contract.v1.Trial`. */
export const TrialDescriptor = registry.getService("contract.v1.Trial") as unknown as TrialDescriptor; // made above, of these methods
