import { ApiError } from '../../errors.ts'
import type { Environment, Files } from '../../platform.ts'
import { resolveRegion } from '../regions.ts'
import { checkSettings, firstRegion } from './check-settings.ts'
import { normalizeFingerprint } from './principal.ts'
import { readKey } from './read-key.ts'
import type { SettingName } from './settings.ts'
import type { Source } from './source.ts'

/** An API key as it was configured: complete and well-formed, but not tried yet. */
export interface Profile {
  tenancy: string
  user: string
  /** Lower case, with colons. */
  fingerprint: string
  /** The id; of several in `OCI_REGION` the first. */
  region: string
  /** PEM text, perhaps encrypted. */
  privateKey: string
  passphrase: string | undefined
  /** For messages: `profile "DEFAULT" of "/home/me/.oci/config"`, or `the environment`. */
  source: string
}

const WANTED: readonly SettingName[] = ['tenancy', 'user', 'fingerprint', 'region']

/** The API key of a source. Everything that is missing or malformed is told at once. */
export async function loadProfile(
  source: Source,
  environment: Environment,
  files: Files | undefined,
): Promise<Profile> {
  const { settings } = source
  const inFile = source.profile !== undefined
  const key = await readKey(settings, inFile, files)
  const wrong = checkSettings(settings, inFile, environment, WANTED)
  const states = [...wrong, ...key.states, ...source.states]
  if (states.length > 0) {
    throw new ApiError('configuration_error', `Cannot use ${source.name}: ${states.join('; ')}`, {
      reason: 'invalid_profile',
    })
  }
  const value = (name: SettingName) => settings.get(name)?.value ?? ''
  return {
    tenancy: value('tenancy'),
    user: value('user'),
    fingerprint: normalizeFingerprint(value('fingerprint')) ?? '',
    region: resolveRegion(firstRegion(value('region')), environment).id,
    privateKey: key.text,
    passphrase: value('pass_phrase') || undefined,
    source: source.name,
  }
}
