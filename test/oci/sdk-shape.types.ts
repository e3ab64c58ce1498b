/** Compares types of the gateway with those of Oracle's SDK at compile time. */

/** A type of the gateway as JSON: without `undefined`. */
type Json<T> = T extends readonly (infer Element)[] ? Json<Element>[]
  : T extends object ? { [Key in keyof T]: Json<Exclude<T[Key], undefined>> }
  : T

/** A type of the SDK, with enums as string literals. */
type Literals<T> = 0 extends 1 & T ? unknown
  : T extends string ? `${T}`
  : T extends readonly (infer Element)[] ? Literals<Element>[]
  : T extends object ? { [Key in keyof T]: Literals<T[Key]> }
  : T

/** `true` if every key of `Ours` is a key of `Sdk`, with a compatible value. */
export type Fits<Ours, Sdk> = [Exclude<keyof Ours, keyof Sdk>] extends [never]
  ? Json<Ours> extends Literals<Sdk> ? true : 'a value differs'
  : Exclude<keyof Ours, keyof Sdk>

/** `true` if two types are the same. */
export type Same<One, Other> = [One] extends [Other] ? [Other] extends [One] ? true : false : false

/** Does not compile unless every fact is true. */
export type AllTrue<Facts extends readonly true[]> = Facts['length']
