import { configPath } from '../../config/source.ts'
import { nearestNames } from '../../nearest-names.ts'
import { ApiError } from '../../errors.ts'
import { knownRegions, type Region, resolveRegion } from '../../oci/regions.ts'
import { fail, type Finding, ok, skip, warn } from '../finding.ts'
import { gatewaySetting, placeOfSetting, type Session } from '../session.ts'
import { checkRegionRealm, realmOf } from './profile.ts'

/** The region if no other one is similar to the configured one. */
const USUAL_REGION = 'us-chicago-1'

/** Whether the regions exist, and are in the realm of the tenancy. */
export async function checkRegion(session: Session): Promise<Finding> {
  const named = await namedRegions(session)
  if (named === undefined) return skip('needs the configuration and the credential')
  for (const text of named.texts) {
    const problem = checkName(text, named.setting, session)
    if (problem) return problem
  }
  const region = await session.region() ?? await ownRegion(session)
  if (region === undefined) return skip('the region is unknown without a token')
  const wrong = checkRegionRealm(region, await tenancyOf(session))
  if (wrong) return wrong
  const others = named.texts.slice(1)
  const fallbacks = others.length > 0 ? `, then ${others.join(', ')}` : ''
  return await findOtherEndpoint(region, session) ??
    ok(`${region.id}${fallbacks} (${named.setting})`)
}

/** The names of regions as the user wrote them; none if the token determines the region. */
async function namedRegions(
  session: Session,
): Promise<{ texts: readonly string[]; setting: string } | undefined> {
  const [settings, selected] = [await session.settings(), await session.selection()]
  if (settings.type === 'failed' || selected.type === 'failed') return undefined
  const { regions } = settings.value.config
  const path = configPath(session.machine.env)
  if (regions.length > 0) {
    const isVariable = session.machine.env['OCI_REGION']?.trim() || path === undefined
    return { texts: regions, setting: isVariable ? 'OCI_REGION' : `"regions" in "${path}"` }
  }
  const { source } = selected.value
  const text = source?.settings.get('region')?.value
  return source && text
    ? { texts: [text], setting: placeOfSetting('region', source) }
    : { texts: [], setting: 'of the token' }
}

function checkName(text: string, setting: string, { machine }: Session): Finding | undefined {
  const name = text.trim().toLowerCase()
  const nearest = nearestNames(name, knownRegions())[0] ?? USUAL_REGION
  try {
    const region = resolveRegion(text, machine.env)
    // A domain, a declared realm or region are not in the table on purpose.
    if (region.realm !== undefined || region.id.includes('.')) return undefined
    if (machine.env['OCI_DEFAULT_REALM']?.trim()) return undefined
    return fail('region_unknown', { region: name, setting, nearest })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.reason === 'bad_region'
      ? fail('region_malformed', { setting, nearest })
      : fail('variable_invalid', { problem: error.message, variable: variableIn(error.message) })
  }
}

function variableIn(message: string): string {
  return /\bOCI_\w+/.exec(message)?.[0] ?? 'OCI_REGION_METADATA'
}

async function ownRegion(session: Session): Promise<Region | undefined> {
  const principal = await session.principal()
  return principal.type === 'done' ? principal.value.region : undefined
}

async function tenancyOf(session: Session): Promise<string | undefined> {
  const selected = await session.selection()
  return selected.type === 'done'
    ? selected.value.source?.settings.get('tenancy')?.value
    : undefined
}

/** An endpoint of OCI names its region; it need not be that of the credential. */
async function findOtherEndpoint(region: Region, session: Session): Promise<Finding | undefined> {
  const settings = await session.settings()
  const url = settings.type === 'done' ? settings.value.config.inferenceEndpoint : undefined
  const [, other] = /generativeai\.([a-z]+-[a-z-]+-\d+)\./.exec(url?.hostname ?? '') ?? []
  if (other === undefined || other === region.id) return undefined
  const { name } = await gatewaySetting('OCI_GENAI_ENDPOINT', 'inferenceEndpoint', session)
  return warn('endpoint_of_other_region', { setting: name, other, region: region.id })
}

/** Whether the compartment has the form of one, in the realm of the tenancy. */
export async function checkCompartment(session: Session): Promise<Finding> {
  const settings = await session.settings()
  if (settings.type === 'failed') return skip('needs the configuration')
  const { compartmentId } = settings.value.config
  if (compartmentId === undefined) return ok('the root compartment of the tenancy')
  const { name } = await gatewaySetting('OCI_COMPARTMENT_ID', 'compartmentId', session)
  const kind = /^ocid1\.([a-z0-9]+)\./.exec(compartmentId)?.[1]
  if (kind !== 'compartment' && kind !== 'tenancy') {
    const problem = `${name} is the OCID of a ${kind ?? 'nothing'}, not of a compartment`
    return fail('compartment_malformed', { problem })
  }
  if (!/^ocid1\.[a-z]+\.oc\d+\.[\w-]*\.[\w-]+$/.test(compartmentId)) {
    return fail('compartment_malformed', { problem: `${name} is not a complete OCID` })
  }
  const [own, tenancy] = [realmOf(compartmentId), realmOf(await tenancyOf(session))]
  return own !== undefined && tenancy !== undefined && own !== tenancy
    ? fail('compartment_malformed', {
      problem: `${name} is in realm ${own}, but the tenancy is in realm ${tenancy}`,
    })
    : ok(`${compartmentId} (${name})`)
}
