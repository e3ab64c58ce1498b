import { ApiError } from '../../errors.ts'
import type { Environment } from '../../platform.ts'
import { type Region, resolveRegion } from '../regions.ts'

/** The value of the first of these variables that has one, without white space around it. */
export function readVariable(environment: Environment, ...names: string[]): string | undefined {
  return names.map((name) => environment[name]?.trim()).find((value) => value)
}

/** The values of variables that must be there; all that are missing are told at once. */
export function requireVariables<Name extends string>(
  environment: Environment,
  names: readonly Name[],
  purpose: string,
): Record<Name, string> {
  const missing = names.filter((name) => readVariable(environment, name) === undefined)
  if (missing.length > 0) throw missingVariables(missing, purpose)
  const values = names.map((name) => [name, readVariable(environment, name)])
  // Every name has its value.
  return Object.fromEntries(values) as Record<Name, string>
}

/** The error for variables that are not set; `purpose` is as in "Cannot use the API key: …". */
export function missingVariables(names: readonly string[], purpose: string, hint = ''): ApiError {
  const state = names.length === 1 ? `${names[0]} is not set` : `${names.join(', ')} are not set`
  return new ApiError('configuration_error', `Cannot use ${purpose}: ${state}${hint}`, {
    reason: 'missing_variable',
  })
}

/** The region a variable names, if it does. */
export function readRegion(environment: Environment, name: string): Region | undefined {
  const text = readVariable(environment, name)
  return text === undefined ? undefined : resolveRegion(text, environment)
}

/** The base address a variable names, if it does; its path has no slash at its end. */
export function readAddress(environment: Environment, ...names: string[]): URL | undefined {
  const name = names.find((variable) => readVariable(environment, variable))
  const text = name && readVariable(environment, name)
  if (!text) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '') return url
  throw new ApiError('configuration_error', `Cannot use ${name}: it is not an http(s) address`, {
    reason: 'bad_address',
  })
}

/** The same for a variable that must be there. */
export function requireAddress(environment: Environment, name: string, purpose: string): URL {
  const address = readAddress(environment, name)
  if (address === undefined) throw missingVariables([name], purpose)
  return address
}

/** An address below a base, whatever path the base has. */
export function addressBelow(base: URL, path: string): URL {
  const segments = base.pathname.split('/').filter((segment) => segment !== '')
  return new URL(`${base.origin}/${[...segments, path.replace(/^\/+/, '')].join('/')}`)
}
