import { parseArgs } from 'node:util'
import { unknownName, usageError } from './usage-error.ts'

/** A positional argument, for the help. */
export interface Positional {
  /** As the help shows it: `MODEL`. */
  name: string
  description: string
  isRequired?: boolean
  /** Whether it may occur several times. */
  isRepeated?: boolean
  /** The only valid values. */
  choices?: readonly string[]
  completes?: CompletedValue
}

/** What the shell completes: names that the program knows, or files. */
export type CompletedValue = 'client' | 'file' | 'model' | 'profile' | 'region'

/** A flag of a command. */
export interface Option {
  /** `integer` is a whole number from 0; a `list` is a flag that may be repeated. */
  type: 'boolean' | 'string' | 'integer' | 'list'
  description: string
  /** The value in the help: `PORT`. */
  value?: string
  /** One letter: `-p`. */
  short?: string
  /** The only valid values of a `string`. */
  choices?: readonly string[]
  /** Which values are valid, in other cases. */
  rule?: ValueRule
  completes?: CompletedValue
}

/** Which values of a flag are valid. */
export interface ValueRule {
  /** Follows the name of the flag in the error: `a port from 0 to 65535`. */
  mustBe: string
  accepts(value: string): boolean
}

/** The rule of a whole number of a range. */
export function wholeNumber(what: string, lowest: number, highest: number): ValueRule {
  return {
    mustBe: Number.isFinite(highest)
      ? `${what} from ${lowest} to ${highest}`
      : `${what} from ${lowest}`,
    accepts: (value) =>
      /^\d{1,15}$/.test(value) && Number(value) >= lowest && Number(value) <= highest,
  }
}

/** Flags of all commands, which the program handles itself. */
const GLOBAL_FLAGS = ['help', 'version']

/** Flags by their name without `--`. */
export type OptionTable = Readonly<Record<string, Option>>

/** The values of flags. A boolean that is not set is false, and a list is empty. */
export type Values<Options extends OptionTable> = {
  readonly [Name in keyof Options]: ValueOf<Options[Name]['type']>
}

type ValueOf<Type extends Option['type']> = Type extends 'boolean' ? boolean
  : Type extends 'integer' ? number | undefined
  : Type extends 'list' ? readonly string[]
  : string | undefined

interface Syntax<Options extends OptionTable> {
  options: Options
  positionals: readonly Positional[]
}

/**
 * Parses the arguments of a command. Throws a usage error for unknown flags, missing, invalid or
 * superfluous values. All after `--` is positional; of a repeated flag the last one is used, except of
 * a list.
 */
export function parseArguments<const Options extends OptionTable>(
  args: readonly string[],
  syntax: Syntax<Options>,
): { values: Values<Options>; positionals: readonly string[] } {
  const { options } = syntax
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(options).map(toParseArgsOption)),
    // This function reports errors itself: the messages of the runtimes differ.
    ...{ strict: false, allowPositionals: true, tokens: true },
  })
  const values: Record<string, Value | readonly string[] | undefined> = {}
  for (const [name, { type }] of Object.entries(options)) {
    values[name] = type === 'boolean' ? false : type === 'list' ? [] : undefined
  }
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const value = readValue(token, options)
    const earlier = values[token.name]
    values[token.name] = Array.isArray(earlier) ? [...earlier, String(value)] : value
  }
  checkPositionals(positionals, syntax.positionals)
  // Each value has the type that its option names.
  return { values: values as Values<Options>, positionals }
}

type Value = string | number | boolean

type ParseArgsOption = { type: 'boolean' | 'string'; short?: string }

function toParseArgsOption([name, { type, short }]: [string, Option]): [string, ParseArgsOption] {
  return [name, { type: type === 'boolean' ? 'boolean' : 'string', ...(short && { short }) }]
}

interface OptionToken {
  name: string
  /** As it was written: `-p`, `--port`. */
  rawName: string
  value?: string | undefined
}

function readValue(
  { name, rawName, value }: OptionToken,
  options: OptionTable,
): Value {
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (option === undefined) {
    if (GLOBAL_FLAGS.includes(name)) throw usageError(`${rawName} takes no value`)
    const known = [...Object.keys(options), ...GLOBAL_FLAGS]
    throw unknownName('flag', rawName, known.map((other) => `--${other}`))
  }
  if (option.type === 'boolean') {
    if (value !== undefined) throw usageError(`${rawName} takes no value`)
    return true
  }
  // Without "=", parseArgs takes a following flag as the value.
  if (value === undefined || value === '') {
    throw usageError(`${rawName} needs a value: ${rawName} ${option.value ?? 'TEXT'}`)
  }
  if (option.rule && !option.rule.accepts(value)) {
    throw usageError(`${rawName} must be ${option.rule.mustBe}`)
  }
  if (option.type === 'integer') return readInteger(rawName, value)
  if (option.choices && !option.choices.includes(value)) {
    throw unknownName(`value of ${rawName}`, value, option.choices)
  }
  return value
}

function readInteger(rawName: string, value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw usageError(`${rawName} must be a whole number`)
  return Number(value)
}

function checkPositionals(values: readonly string[], expected: readonly Positional[]): void {
  const missing = expected[values.length]
  if (missing?.isRequired) throw usageError(`${missing.name} is missing: ${missing.description}`)
  const isUnlimited = expected.at(-1)?.isRepeated ?? false
  if (values.length > expected.length && !isUnlimited) {
    throw usageError(`Unexpected argument "${values[expected.length]}"`)
  }
  for (const [index, value] of values.entries()) {
    const { name = '', choices } = expected[index] ?? {}
    if (choices && !choices.includes(value)) throw unknownName(name, value, choices)
  }
}
