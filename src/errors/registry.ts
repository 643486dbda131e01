/**
 * Every error of the command, by its stable code. Codes are never reused: 1xxx usage, 2xxx compiling, 3xxx stubs,
 * 4xxx messages, 5xxx output, 6xxx --check, 9xxx bugs.
 */
export const registry = {
  GS1001: { exit: "usage", title: "unknown option" },
  GS1002: { exit: "usage", title: "bad value of an option" },
  GS1003: { exit: "usage", title: "a required option or argument is missing" },
  GS1004: { exit: "usage", title: "options that exclude one another" },
  GS1005: { exit: "usage", title: "an input path cannot be read" },
  GS1006: { exit: "usage", title: "a config file cannot be used" },
  GS2001: { exit: "failed", title: "no .proto file in the paths given" },
  GS2002: { exit: "failed", title: "a file belongs to no module of the buf workspace" },
  GS2003: { exit: "failed", title: "error in a .proto file" },
  GS2004: { exit: "failed", title: "an import was not found" },
  GS2005: { exit: "failed", title: "two files have the same import name" },
  GS2006: { exit: "failed", title: "a path protoc cannot take" },
  GS2007: { exit: "failed", title: "a descriptor set cannot be used" },
  GS2008: { exit: "tool", title: "protoc was not found" },
  GS2009: { exit: "tool", title: "protoc is too old" },
  GS2010: { exit: "tool", title: "protoc could not be run" },
  GS2011: { exit: "tool", title: "buf could not be run" },
  GS3001: { exit: "failed", title: "the stub generator refused the input" },
  GS4001: { exit: "tool", title: "the message generator was not found" },
  GS4002: { exit: "failed", title: "the message generator refused the input" },
  GS4003: { exit: "tool", title: "the message generator broke" },
  GS4004: { exit: "tool", title: "the formatter was not found" },
  GS4005: { exit: "tool", title: "the formatter failed" },
  GS5001: { exit: "failed", title: "an output path leaves the output folder" },
  GS5002: { exit: "failed", title: "a file in the way was not generated" },
  GS5003: { exit: "failed", title: "a symbolic link in the way" },
  GS5004: { exit: "failed", title: "a file cannot be written" },
  GS5005: { exit: "failed", title: "two outputs share one path" },
  GS6001: { exit: "failed", title: "generated files have drifted" },
  GS9001: { exit: "internal", title: "a bug in gen-stubs" },
} as const;

export type FaultCode = keyof typeof registry;
