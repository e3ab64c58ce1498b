import { ApiError } from '../../errors.ts'
import type { Environment } from '../../platform.ts'
import { resolveRegion } from '../regions.ts'
import { isOcid, normalizeFingerprint } from './principal.ts'
import { type SettingName, type Settings, unset } from './settings.ts'

type Check = (text: string, environment: Environment) => string | undefined

const CHECKS: ReadonlyMap<SettingName, Check> = new Map([
  ['tenancy', ocidState],
  ['user', ocidState],
  ['fingerprint', fingerprintState],
  ['region', regionState],
])

/**
 * Lists the problems of the required settings, one text for each that is missing or malformed.
 * The texts omit the values, which may be secrets in the wrong place.
 */
export function checkSettings(
  settings: Settings,
  inFile: boolean,
  environment: Environment,
  required: readonly SettingName[],
): string[] {
  return required.flatMap((name) => {
    const setting = settings.get(name)
    if (!setting?.value) return [unset(inFile, name)]
    const state = CHECKS.get(name)?.(setting.value, environment)
    return state === undefined ? [] : [`${setting.where} ${state}`]
  })
}

/** The first region of a comma-separated list. */
export function firstRegion(text: string): string {
  return text.split(',')[0] ?? ''
}

function ocidState(text: string): string | undefined {
  return isOcid(text) ? undefined : 'is not an OCID'
}

function fingerprintState(text: string): string | undefined {
  return normalizeFingerprint(text) ? undefined : 'is not a fingerprint of 16 pairs such as "0f:a9"'
}

function regionState(text: string, environment: Environment): string | undefined {
  try {
    resolveRegion(firstRegion(text), environment)
    return undefined
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.reason === 'bad_region' ? 'is not a region' : `cannot be used: ${error.message}`
  }
}
