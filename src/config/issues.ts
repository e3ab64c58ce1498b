import type * as v from 'valibot'
import { ApiError } from '../errors.ts'
import { describeExpected } from '../expected-type.ts'
import { findValue, type JsoncProblem, type LocatedValue, type Position } from './jsonc.ts'
import type { UnknownKey } from './known-keys.ts'

/** A problem of the configuration. It never contains a value, which may be an API key. */
export interface ConfigProblem {
  /** The file's name, `GATEWAY_CONFIG` or another variable; empty without a source. */
  source: string
  /** In the file: of the key, or of the value if its type is wrong. */
  position: Position | undefined
  /** The key with dots, such as `retry.maxAttempts`; empty for the whole file or a variable. */
  key: string
  message: string
  /** The key, if the configuration does not have it. */
  unknownKey?: UnknownKey
}

/** A file whose values have positions. */
export interface ConfigDocument {
  /** For messages. */
  name: string
  root: LocatedValue
}

/** The problem as one line: `gateway.config.jsonc:3:5: prot: unknown key`. */
export function describeProblem({ source, position, key, message }: ConfigProblem): string {
  const place = position ? `${source}:${position.line}:${position.column}` : source
  return [place, key, message].filter((part) => part !== '').join(': ')
}

/** Creates one `configuration_error` that lists all problems, followed by advice in `next`. */
export function misconfigured(problems: readonly string[], next = ''): ApiError {
  const list = problems.map((problem) => `\n  - ${problem}`).join('')
  return new ApiError('configuration_error', `Cannot read the configuration:${list}${next}`, {
    reason: 'configuration',
  })
}

/** Converts an issue of valibot with a value of the file. */
export function problemInFile(
  issue: v.BaseIssue<unknown>,
  document: ConfigDocument | undefined,
): ConfigProblem {
  const path = pathOf(issue)
  return {
    ...placeInFile(path, document, issue.kind === 'schema'),
    key: path.join('.'),
    message: messageOf(issue),
  }
}

/** Converts an issue of valibot with the value of a variable. */
export function problemInVariable(issue: v.BaseIssue<unknown>, variable: string): ConfigProblem {
  return { source: variable, position: undefined, key: '', message: messageOf(issue) }
}

/** Describes a key that does not exist. */
export function unknownKeyProblem(
  unknownKey: UnknownKey,
  document: ConfigDocument | undefined,
): ConfigProblem {
  const { path, nearest } = unknownKey
  const hint = nearest === undefined ? '' : `. Did you mean ${nearest}?`
  const key = path.join('.')
  return { ...placeInFile(path, document, false), key, message: `unknown key${hint}`, unknownKey }
}

/** Converts a problem of the file's text. */
export function textProblem({ path, ...problem }: JsoncProblem, source: string): ConfigProblem {
  return { ...problem, source, key: path.join('.') }
}

function pathOf(issue: v.BaseIssue<unknown>): unknown[] {
  return issue.path?.map(({ key }) => key) ?? []
}

/** Valibot's own messages quote the value. */
function messageOf({ message, expected }: v.BaseIssue<unknown>): string {
  return message.startsWith('must ') ? message : `must be ${describeExpected(expected)}`
}

/** Where the value at a path is, or its key. */
export function placeInFile(
  path: readonly unknown[],
  document: ConfigDocument | undefined,
  atValue: boolean,
): Pick<ConfigProblem, 'source' | 'position'> {
  const found = document && findValue(document.root, path)
  const atKey = !atValue && found && 'keyPosition' in found ? found.keyPosition : undefined
  return { source: document?.name ?? '', position: atKey ?? found?.position }
}
