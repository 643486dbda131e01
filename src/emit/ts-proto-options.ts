/**
 * What ts-proto's options change in the names and places of messages, as of ts-proto 2.18. All others change what is in
 * a message only, which stubs take from the types of the message.
 */
export interface TsProtoOptions {
  /** `snakeToCamel`: `Get_foo` becomes `GetFoo`. */
  readonly camelNames: boolean;
  /** `useSnakeTypeName`: what stands between the names of a nested message and its parent. */
  readonly nestingMark: "_" | "";
  /** `typePrefix` and `messagePrefix`, `messageSuffix` and `typeSuffix`. */
  readonly prefix: string;
  readonly suffix: string;
  /** `fileSuffix`: `.pb` for `guide.pb.ts`. */
  readonly fileSuffix: string;
  /** Whether options leave out some of what each file has, so that fewer names are taken. */
  readonly leavesOut: boolean;
}
