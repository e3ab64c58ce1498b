import * as v from 'valibot'
import { ApiError } from '../errors.ts'
import { describeExpected } from '../expected-type.ts'
import { lineOfKey } from './json-lines.ts'

/** The text of a configuration file, and its name in error messages. */
export interface ConfigSource {
  name: string
  text: string
}

/** The sources of a configuration's values. */
export interface Origins {
  /** The environment variables that were used, by key: `apiKeys` stands for `access.apiKeys`. */
  variables: ReadonlyMap<string, string>
  source: ConfigSource | undefined
}

/** Creates one `configuration_error` that lists all problems, followed by advice in `next`. */
export function misconfigured(problems: readonly string[], next = ''): ApiError {
  const list = problems.map((problem) => `\n  - ${problem}`).join('')
  return new ApiError('configuration_error', `Cannot read the configuration:${list}${next}`, {
    reason: 'configuration',
  })
}

/**
 * Names the variable, or the file, line and key, and what is wrong with the value. Never quotes the
 * value, which may be an API key.
 */
export function describeIssue(issue: v.BaseIssue<unknown>, origins: Origins): string {
  const path = issue.path?.map(({ key }) => key) ?? []
  const place = variableOf(path, origins) ?? placeInFile(path, origins)
  // valibot's own messages quote the value.
  if (issue.message.startsWith('must ')) return `${place}: ${issue.message}`
  return issue.expected === 'never'
    ? `${place}: unknown key`
    : `${place}: must be ${describeExpected(issue.expected)}`
}

function variableOf(path: readonly unknown[], { variables }: Origins): string | undefined {
  const [first, second] = path
  // MODEL_MAP is added to the aliases of the file, and an invalid one replaces them all.
  if (first === 'aliases' && path.length > 1) return undefined
  return variables.get(String(first === 'access' ? second : first))
}

function placeInFile(path: readonly unknown[], { source }: Origins): string {
  const key = path.join('.')
  if (source === undefined) return key || 'the file'
  const index = path.findIndex((part) => typeof part === 'number')
  const keys = (index < 0 ? path : path.slice(0, index)).map(String)
  const line = lineOfKey(source.text, keys)
  return [line === undefined ? source.name : `${source.name}, line ${line}`, ...key ? [key] : []]
    .join(': ')
}
