/** Where a command runs and prints. */
export interface Io {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** The folder it runs in; paths of the command line are relative to it. */
  readonly cwd: string;
}
