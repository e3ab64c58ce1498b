import { ApiError } from '../errors.ts'
import type { KeyRecord, TeamRecord, UsageLimits } from '../store/records.ts'
import { parseBudget } from './budget-text.ts'
import { isCalendarDay, parseDuration } from './duration-text.ts'

/** The limits of a key or a team as operators write them; `null` removes one. */
export interface LimitSettings {
  /** Requests per minute, tokens per minute, requests at the same time. */
  rpm?: number | null | undefined
  tpm?: number | null | undefined
  concurrency?: number | null | undefined
  /** Such as `5/month` or `100000tokens/day`. */
  budget?: string | null | undefined
}

/** A key as operators write it, in commands and in the administration API. */
export interface KeySettings extends LimitSettings {
  name?: string | undefined
  team?: string | null | undefined
  models?: readonly string[] | null | undefined
  /** A duration from now such as `90d`, or a date. */
  expires?: string | null | undefined
  compartmentId?: string | null | undefined
  attribution?: boolean | undefined
  disabled?: boolean | undefined
}

const MAX_NAME_LENGTH = 100
const MAX_MODELS = 100

/** Creates the record of a new key. Throws an `invalid_request` that names the field. */
export function newKeyRecord(
  settings: KeySettings,
  { id, hash, now }: { id: string; hash: string; now: number },
): KeyRecord {
  const empty: KeyRecord = {
    ...{ id, hash, name: checkName(settings.name ?? '', 'name'), team: undefined, models: [] },
    ...{ limits: {}, expiresAt: undefined, compartmentId: undefined, attribution: false },
    ...{ disabled: false, createdAt: now, lastUsedAt: undefined },
  }
  return changeKeyRecord(empty, settings, now)
}

/** Returns the key with the settings that are present. */
export function changeKeyRecord(key: KeyRecord, settings: KeySettings, now: number): KeyRecord {
  const { name, team, models, expires, compartmentId, attribution, disabled } = settings
  return {
    ...key,
    name: name === undefined ? key.name : checkName(name, 'name'),
    team: changed(key.team, team, (name) => checkName(name, 'team')),
    models: models === undefined ? key.models : checkModels(models ?? []),
    limits: changeLimits(key.limits, settings),
    expiresAt: changed(key.expiresAt, expires, (text) => expiryOf(text, now)),
    compartmentId: changed(key.compartmentId, compartmentId, checkCompartment),
    attribution: attribution ?? key.attribution,
    disabled: disabled ?? key.disabled,
  }
}

/** Returns a team with the limits that are present. */
export function changeTeamRecord(team: TeamRecord, settings: LimitSettings): TeamRecord {
  return { ...team, limits: changeLimits(team.limits, settings) }
}

/** Creates a team without limits. */
export function newTeamRecord(name: string, now: number): TeamRecord {
  return { name: checkName(name, 'name'), limits: {}, createdAt: now }
}

function changeLimits(limits: UsageLimits, settings: LimitSettings): UsageLimits {
  const { rpm, tpm, concurrency, budget } = settings
  return {
    requestsPerMinute: changed(limits.requestsPerMinute, rpm, (count) => checkCount(count, 'rpm')),
    tokensPerMinute: changed(limits.tokensPerMinute, tpm, (count) => checkCount(count, 'tpm')),
    concurrency: changed(
      limits.concurrency,
      concurrency,
      (count) => checkCount(count, 'concurrency'),
    ),
    budget: changed(limits.budget, budget, (text) => parseBudget(text)),
  }
}

/** `undefined` keeps a value, `null` removes it. */
function changed<Value, Text>(
  current: Value | undefined,
  setting: Text | null | undefined,
  read: (text: Text) => Value,
): Value | undefined {
  if (setting === undefined) return current
  return setting === null ? undefined : read(setting)
}

function checkName(name: string, param: string): string {
  const isValid = name.length > 0 && name.length <= MAX_NAME_LENGTH && name.trim() === name &&
    !/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u.test(name)
  if (isValid) return name
  throw invalid(
    param,
    `must be 1 to ${MAX_NAME_LENGTH} characters without control characters and without spaces at ` +
      'its ends',
  )
}

function checkModels(models: readonly string[]): readonly string[] {
  if (models.length > MAX_MODELS) throw invalid('models', `may have at most ${MAX_MODELS} patterns`)
  const wrong = models.find((pattern) => !/^[\x21-\x29\x2b-\x7e]{0,255}\*?$/.test(pattern))
  if (wrong === undefined && !models.includes('')) return models
  throw invalid('models', 'must be names of models, or patterns that end in *')
}

function checkCount(count: number, param: string): number {
  if (Number.isSafeInteger(count) && count > 0 && count <= 1e12) return count
  throw invalid(param, 'must be a whole number of 1 or more')
}

function expiryOf(text: string, now: number): number {
  const date = isCalendarDay(text.slice(0, 10)) ? Date.parse(text) : NaN
  if (Number.isNaN(date)) return now + parseDuration(text)
  if (date > now) return date
  throw invalid('expires', 'must be in the future')
}

function checkCompartment(id: string): string {
  if (/^ocid1\.[\w.-]{1,250}$/.test(id)) return id
  throw invalid('compartmentId', 'must be an OCID')
}

function invalid(param: string, problem: string): ApiError {
  return new ApiError('invalid_request', `"${param}" ${problem}`, { param })
}
