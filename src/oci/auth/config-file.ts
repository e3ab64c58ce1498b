import { ApiError } from '../../errors.ts'

/** A value of the file and its line number, for messages. */
export interface ConfigValue {
  value: string
  line: number
}

/** The values of a profile by key, in lower case. */
export type ConfigProfile = ReadonlyMap<string, ConfigValue>

interface Section {
  type: 'section'
  line: number
  /** `undefined` if it is malformed; the following keys still belong to it. */
  name: string | undefined
}

interface Pair extends ConfigValue {
  type: 'pair'
  key: string
}

interface Malformed {
  type: 'malformed'
  line: number
  state: string
}

type Line = Section | Pair | Malformed

/** The only keys that messages name: any other could be part of a pasted secret. */
const KNOWN_KEYS = new Set([
  'authentication_type',
  'delegation_token_file',
  'fingerprint',
  'key_content',
  'key_file',
  'pass_phrase',
  'passphrase',
  'region',
  'security_token_file',
  'tenancy',
  'user',
])

/** These keys determine the kind of credential, so profiles do not inherit them from DEFAULT. */
const NOT_INHERITED = new Set([
  'authentication_type',
  'delegation_token_file',
  'security_token_file',
])

/**
 * Parses an OCI configuration file into profiles by name. Stricter than Oracle's parsers, which
 * differ from each other. The error lists all problems by line number and never quotes the lines.
 */
export function parseConfigFile(text: string, file: string): ReadonlyMap<string, ConfigProfile> {
  const lines = text.split('\n').flatMap((line, index) => readLine(line.trim(), index + 1))
  const sections = lines.filter((line) => line.type === 'section')
  const profiles = sections.map((section, index) => ({
    section,
    pairs: pairsBetween(lines, section.line, sections[index + 1]?.line),
  }))
  const states = [
    ...lines.flatMap((line) =>
      line.type === 'malformed' ? [`line ${line.line} ${line.state}`] : []
    ),
    ...pairsBetween(lines, 0, sections[0]?.line)
      .map(({ line }) => `line ${line} is before the first [profile]`),
    ...sections.flatMap(malformedSection),
    ...profiles.flatMap(({ pairs }) => pairs.flatMap(repeatedKey)),
  ]
  if (states.length > 0) throw invalid(file, states)
  return new Map(profiles.map(({ section, pairs }) => [
    section.name ?? '',
    new Map(pairs.map(({ key, value, line }) => [key, { value, line }])),
  ]))
}

/**
 * Returns the values of one profile and those it inherits from DEFAULT. An empty value overrides
 * the inherited one. `undefined` if there is no such profile.
 */
export function selectProfile(
  profiles: ReadonlyMap<string, ConfigProfile>,
  name: string,
): ConfigProfile | undefined {
  const own = profiles.get(name)
  if (own === undefined) return undefined
  const inherited = [...profiles.get('DEFAULT') ?? []].filter(([key]) => !NOT_INHERITED.has(key))
  return new Map([...inherited, ...own])
}

function readLine(text: string, line: number): Line[] {
  if (text === '' || text.startsWith('#') || text.startsWith(';')) return []
  if (text.startsWith('[')) {
    const name = /^\[(.*?)\]\s*([#;].*)?$/.exec(text)?.[1]?.trim()
    return [{ type: 'section', line, name }]
  }
  const equals = text.indexOf('=')
  if (equals < 1) return [{ type: 'malformed', line, state: missingEquals(text, equals) }]
  const key = text.slice(0, equals).trim().toLowerCase()
  return [{ type: 'pair', line, key, value: text.slice(equals + 1).trim() }]
}

function missingEquals(text: string, equals: number): string {
  if (equals === 0) return 'has no key before "="'
  const key = /^(\w+)\s*:/.exec(text)?.[1]?.toLowerCase()
  return key !== undefined && KNOWN_KEYS.has(key)
    ? `has ":" instead of "=" after "${key}"`
    : 'has no "="'
}

function pairsBetween(lines: readonly Line[], after: number, before = Infinity): Pair[] {
  return lines.filter((line) => line.type === 'pair')
    .filter(({ line }) => line > after && line < before)
}

function malformedSection({ name, line }: Section, index: number, all: Section[]): string[] {
  if (name === undefined) return [`line ${line} does not end with "]"`]
  if (name === '') return [`line ${line} has no name between "[" and "]"`]
  const first = all.findIndex((other) => other.name === name)
  return first === index
    ? []
    : [`line ${line} repeats the profile name of line ${all[first]?.line}`]
}

function repeatedKey({ key, line }: Pair, index: number, all: Pair[]): string[] {
  const first = all.findIndex((other) => other.key === key)
  const named = KNOWN_KEYS.has(key) ? `"${key}"` : 'the key'
  return first === index ? [] : [`line ${line} repeats ${named} of line ${all[first]?.line}`]
}

function invalid(file: string, states: string[]): ApiError {
  return new ApiError('configuration_error', `Cannot read "${file}": ${states.join('; ')}`, {
    reason: 'invalid_config_file',
  })
}
