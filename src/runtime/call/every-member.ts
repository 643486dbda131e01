/**
 * The same members, all of them required: for wrappers, which must pass every member on. (`Required` would take
 * `undefined` from their types where `exactOptionalPropertyTypes` is off.)
 */
export type EveryMember<Type> = { readonly [Member in keyof Required<Type>]: Type[Member] };
