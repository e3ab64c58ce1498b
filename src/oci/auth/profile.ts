import { ApiError } from '../../errors.ts'
import type { Environment, Files } from '../../platform.ts'
import { resolveRegion } from '../regions.ts'
import { checkSettings, firstRegion } from './check-settings.ts'
import { normalizeFingerprint } from './principal.ts'
import { readKey } from './read-key.ts'
import type { SettingName } from './settings.ts'
import type { Source } from './source.ts'

/** A configured API key: complete and well-formed, but not used yet. */
export interface Profile {
  tenancy: string
  user: string
  /** Lower case, with colons. */
  fingerprint: string
  /** The region id; the first one if `OCI_REGION` lists several. */
  region: string
  /** PEM text, possibly encrypted. */
  privateKey: string
  passphrase: string | undefined
  /** For messages: `profile "DEFAULT" of "/home/me/.oci/config"`, or `the environment`. */
  source: string
}

const REQUIRED: readonly SettingName[] = ['tenancy', 'user', 'fingerprint', 'region']

/** Loads the API key of a source. The error lists all missing and malformed settings. */
export async function loadProfile(
  source: Source,
  environment: Environment,
  files: Files | undefined,
): Promise<Profile> {
  const { settings } = source
  const inFile = source.profile !== undefined
  const key = await readKey(settings, inFile, files)
  const wrong = checkSettings(settings, inFile, environment, REQUIRED)
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
