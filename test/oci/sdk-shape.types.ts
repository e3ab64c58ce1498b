/** How shapes of ours are held against those of Oracle's SDK, by the compiler alone. */

/** A member of ours as its JSON has it: what is `undefined` is not there. */
type Json<T> = T extends readonly (infer Element)[] ? Json<Element>[]
  : T extends object ? { [Key in keyof T]: Json<Exclude<T[Key], undefined>> }
  : T

/** A member of the SDK's, its enums as the words they stand for. */
type Words<T> = 0 extends 1 & T ? unknown
  : T extends string ? `${T}`
  : T extends readonly (infer Element)[] ? Words<Element>[]
  : T extends object ? { [Key in keyof T]: Words<T[Key]> }
  : T

/** `true` when every key of ours is one of the SDK's, and every value one of its values. */
export type Fits<Ours, Sdk> = [Exclude<keyof Ours, keyof Sdk>] extends [never]
  ? Json<Ours> extends Words<Sdk> ? true : 'a value differs'
  : Exclude<keyof Ours, keyof Sdk>

/** `true` when two types are one. */
export type Same<One, Other> = [One] extends [Other] ? [Other] extends [One] ? true : false : false

/** Fails to compile unless every fact is true. */
export type AllTrue<Facts extends readonly true[]> = Facts['length']
