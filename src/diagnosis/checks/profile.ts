import { nearestNames } from '../../nearest-names.ts'
import { isOcid, normalizeFingerprint } from '../../oci/auth/principal.ts'
import { type SettingName, unset } from '../../oci/auth/settings.ts'
import type { Source } from '../../oci/auth/source.ts'
import { knownRegions } from '../../oci/regions.ts'
import { fail, type Finding, ok, skip } from '../finding.ts'
import { changeSetting, placeOfSetting, type Session } from '../session.ts'

/** Where the Console shows a setting. */
const IN_CONSOLE: Partial<Record<SettingName, string>> = {
  tenancy: 'The Console shows it in Profile > Tenancy',
  user: 'The Console shows it in Profile > My profile',
  fingerprint: 'The Console shows it in My profile > API keys',
  region: 'Name the region of the models',
  security_token_file: 'The oci command creates it',
}

const EXAMPLES: Partial<Record<SettingName, string>> = {
  tenancy: 'ocid1.tenancy.oc1..UNIQUE_ID',
  user: 'ocid1.user.oc1..UNIQUE_ID',
  region: 'us-chicago-1',
  security_token_file: '~/.oci/sessions/DEFAULT/token',
}

/** Whether the settings of an API key or a session are complete and have the right form. */
export async function checkProfile(session: Session): Promise<Finding> {
  const selected = await session.selection()
  if (selected.type === 'failed') return skip('no credential is selected')
  const { kind, source } = selected.value
  if (source === undefined) return skip(`${kind} uses no profile`)
  const required: SettingName[] = kind === 'api_key'
    ? ['tenancy', 'user', 'fingerprint', 'region']
    : ['security_token_file', 'region']
  for (const name of required) {
    const problem = await checkSetting(name, source, session)
    if (problem) return problem
  }
  const [state] = source.states
  if (state !== undefined) return fail('key_in_config', { problem: state })
  return checkRealms(source) ?? ok(placesOf(required, source))
}

/** Where each setting is from: a key and its line, or a variable. */
function placesOf(required: readonly SettingName[], { settings }: Source): string {
  const names: readonly SettingName[] = [...required, 'key_file', 'key_content', 'pass_phrase']
  return names.flatMap((name) => settings.get(name)?.where ?? []).join(', ')
}

async function checkSetting(
  name: SettingName,
  source: Source,
  session: Session,
): Promise<Finding | undefined> {
  const value = source.settings.get(name)?.value
  const settings = await session.settings()
  // The gateway's own configuration may name the region instead.
  const regions = settings.type === 'done' ? settings.value.config.regions : []
  if (!value && (name !== 'region' || regions.length === 0)) {
    const problem = unset(source.profile !== undefined, name)
    const change = changeSetting(name, await exampleOf(name, session), source)
    return fail('setting_missing', { problem, place: IN_CONSOLE[name] ?? '', change })
  }
  if (name === 'tenancy' || name === 'user') return checkOcid(name, value ?? '', source)
  return name === 'fingerprint' && normalizeFingerprint(value ?? '') === undefined
    ? fail('setting_malformed', {
      setting: placeOfSetting(name, source),
      problem: 'is not a fingerprint of 16 pairs such as "0f:a9"',
      change: changeSetting(name, await exampleOf(name, session), source),
    })
    : undefined
}

/** The fingerprint can be computed; other values are examples of the form. */
async function exampleOf(name: SettingName, { privateKey }: Session): Promise<string> {
  if (name !== 'fingerprint') return EXAMPLES[name] ?? ''
  const key = await privateKey()
  return key.type === 'done' ? key.value.fingerprint : '12:34:56:78:…'
}

function checkOcid(name: 'tenancy' | 'user', value: string, source: Source): Finding | undefined {
  const found = isOcid(value) ? /^ocid1\.([a-z0-9]+)\./.exec(value)?.[1] : undefined
  // A user of an identity provider may have an OCID of another type.
  const isFitting = name === 'user'
    ? found !== 'tenancy' && found !== 'compartment'
    : found === name
  if (found !== undefined && isFitting) return undefined
  const plain = value.replace(/^["'](.*)["']$/, '$1')
  if (plain !== value && isOcid(plain)) {
    return fail('setting_malformed', {
      setting: placeOfSetting(name, source),
      problem: 'has quotation marks, which belong to the value here',
      change: changeSetting(name, plain, source),
    })
  }
  return fail('setting_malformed', {
    setting: placeOfSetting(name, source),
    problem: found === undefined
      ? 'is not an OCID'
      : `has the OCID of a ${found} instead of a ${name}`,
    change: changeSetting(name, EXAMPLES[name] ?? '', source),
  })
}

/** The realm of an OCID: `oc1`. */
export function realmOf(ocid: string | undefined): string | undefined {
  return /^ocid1\.[a-z0-9]+\.(oc\d+)\./.exec(ocid ?? '')?.[1]
}

/** An OCID of one realm is unknown in all others. */
function checkRealms(source: Source): Finding | undefined {
  const { settings } = source
  const tenancyRealm = realmOf(settings.get('tenancy')?.value)
  const userRealm = realmOf(settings.get('user')?.value)
  if (tenancyRealm === undefined) return undefined
  if (userRealm !== undefined && userRealm !== tenancyRealm) {
    const region = settings.get('region')?.value ?? ''
    const name = knownRegions(tenancyRealm).includes(region) ? 'user' : 'tenancy'
    const realm = name === 'user' ? tenancyRealm : userRealm
    return fail('realm_of_user', {
      ...{ userRealm, tenancyRealm, setting: placeOfSetting(name, source) },
      change: changeSetting(name, `ocid1.${name}.${realm}..UNIQUE_ID`, source),
    })
  }
  return undefined
}

/** Whether the region is in the realm of the tenancy. */
export function checkRegionRealm(
  region: { id: string; realm: string | undefined },
  tenancy: string | undefined,
): Finding | undefined {
  const tenancyRealm = realmOf(tenancy)
  const regionRealm = region.realm
  if (tenancyRealm === undefined || regionRealm === undefined) return undefined
  const regions = knownRegions(tenancyRealm)
  if (tenancyRealm === regionRealm || regions.length === 0) return undefined
  const nearest = nearestNames(region.id, regions)[0] ?? regions[0] ?? ''
  return fail('realm_of_tenancy', { tenancyRealm, region: region.id, regionRealm, nearest })
}
