import type { KeySettings, LimitSettings } from '../../access/key-settings.ts'
import { CONNECTION_FLAGS } from '../connection-flags.ts'
import type { OptionTable, Positional, Values } from '../parse-arguments.ts'

/** The value that removes a limit. */
const NONE = 'none'

/** Flags of the limits of a key or a team. */
export const LIMIT_FLAGS = {
  rpm: { type: 'string', value: 'COUNT', description: 'Requests per minute; none is unlimited' },
  tpm: { type: 'string', value: 'COUNT', description: 'Tokens per minute; none is unlimited' },
  concurrency: {
    ...{ type: 'string', value: 'COUNT' },
    description: 'Requests at the same time; none is unlimited',
  },
  budget: {
    ...{ type: 'string', value: 'BUDGET' },
    description: 'USD or tokens per day, week, month or in total: 5/month, 100000tokens/day',
  },
} as const satisfies OptionTable

/** Flags of a key. */
export const KEY_FLAGS = {
  team: { type: 'string', value: 'NAME', description: 'Team, whose limits apply too' },
  models: {
    ...{ type: 'list', value: 'PATTERN', completes: 'model' },
    description: 'Model, or pattern that ends in *; several with commas. Default: all',
  },
  ...LIMIT_FLAGS,
  expires: {
    ...{ type: 'string', value: 'DURATION' },
    description: 'Expiry after a duration such as 90d, 12h, 30s, or on a date; none is never',
  },
  'key-compartment': {
    ...{ type: 'string', value: 'OCID' },
    description: "Compartment of this key's requests. Default: that of the gateway",
  },
  attribution: {
    type: 'boolean',
    description: 'Record the person and the session that requests name',
  },
} as const satisfies OptionTable

/** Flags of all commands about keys. */
export const STORE_FLAGS = {
  json: { type: 'boolean', description: 'Print JSON' },
  config: CONNECTION_FLAGS.config,
} as const satisfies OptionTable

/** The argument that selects a key. */
export const KEY_ARGUMENT: Positional = {
  ...{ name: 'KEY', isRequired: true },
  description: 'Name or id of the key',
}

/** Reads the limits that flags set. */
export function limitSettings(values: Values<typeof LIMIT_FLAGS>): LimitSettings {
  const { rpm, tpm, concurrency, budget } = values
  return {
    ...{ rpm: countOf(rpm), tpm: countOf(tpm), concurrency: countOf(concurrency) },
    budget: textOf(budget),
  }
}

/** Reads the settings of a key that flags set. */
export function keySettings(values: Values<typeof KEY_FLAGS>): KeySettings {
  const models = values.models.flatMap((list) => list.split(',')).map((name) => name.trim())
  return {
    ...limitSettings(values),
    ...(models.length > 0 && { models: models.filter((name) => name !== '' && name !== NONE) }),
    ...{ team: textOf(values.team), expires: textOf(values.expires) },
    compartmentId: textOf(values['key-compartment']),
    ...(values.attribution && { attribution: true }),
  }
}

function textOf(value: string | undefined): string | null | undefined {
  return value === NONE ? null : value
}

/** Other text becomes `NaN`, which the check of the setting rejects with its name. */
function countOf(value: string | undefined): number | null | undefined {
  if (value === undefined || value === NONE) return value === NONE ? null : undefined
  return /^\d{1,13}$/.test(value) ? Number(value) : NaN
}
