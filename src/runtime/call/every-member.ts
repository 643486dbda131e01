/**
 * The same members, none of them left out: for what stands between two parts and must pass all on. (`Required` would take
 * `undefined` from their types where `exactOptionalPropertyTypes` is off.)
 */
export type EveryMember<Type> = { readonly [Member in keyof Required<Type>]: Type[Member] };
