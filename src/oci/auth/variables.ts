import { ApiError } from '../../errors.ts'
import type { Environment } from '../../platform.ts'
import { type Region, resolveRegion } from '../regions.ts'

/** Returns the trimmed value of the first of these variables that is set. */
export function readVariable(environment: Environment, ...names: string[]): string | undefined {
  return names.map((name) => environment[name]?.trim()).find((value) => value)
}

/** Returns the values of required variables. The error names all that are missing. */
export function requireVariables<Name extends string>(
  environment: Environment,
  names: readonly Name[],
  purpose: string,
): Record<Name, string> {
  const missing = names.filter((name) => readVariable(environment, name) === undefined)
  if (missing.length > 0) throw missingVariables(missing, purpose)
  const values = names.map((name) => [name, readVariable(environment, name)])
  // No name is missing here.
  return Object.fromEntries(values) as Record<Name, string>
}

/** The error for unset variables. `purpose` completes "Cannot use …". */
export function missingVariables(names: readonly string[], purpose: string, hint = ''): ApiError {
  const state = names.length === 1 ? `${names[0]} is not set` : `${names.join(', ')} are not set`
  return new ApiError('configuration_error', `Cannot use ${purpose}: ${state}${hint}`, {
    reason: 'missing_variable',
  })
}

/** Returns the region that a variable names, if it is set. */
export function readRegion(environment: Environment, name: string): Region | undefined {
  const text = readVariable(environment, name)
  return text === undefined ? undefined : resolveRegion(text, environment)
}

/** Returns the http(s) URL in the first of these variables that is set. */
export function readAddress(environment: Environment, ...names: string[]): URL | undefined {
  const name = names.find((variable) => readVariable(environment, variable))
  const text = name && readVariable(environment, name)
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '') return url
  throw new ApiError('configuration_error', `Cannot use ${name}: it is not an http(s) URL`, {
    reason: 'bad_address',
  })
}

/** Returns the http(s) URL in a required variable. */
export function requireAddress(environment: Environment, name: string, purpose: string): URL {
  const address = readAddress(environment, name)
  if (address === undefined) throw missingVariables([name], purpose)
  return address
}
