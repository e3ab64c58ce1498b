import * as v from 'valibot'
import { ApiError } from '../errors.ts'
import type { Environment } from '../platform.ts'

/** An OCI region and the domain of its hosts. */
export interface Region {
  /** `us-chicago-1`, or a whole domain, which dedicated regions may use as their id. */
  id: string
  /** `oc1`; `undefined` if the region is unknown and its domain was assumed. */
  realm: string | undefined
  /** The second-level domain: `oraclecloud.com`. */
  domain: string
  /** Whether to use the dual-stack hosts, which also have IPv6 addresses. */
  dualStack: boolean
}

/** From Oracle's SDK (`oci-common` 2.142.1): each realm with its domain and regions. */
const REALMS: readonly (readonly [realm: string, domain: string, regions: string])[] = [
  [
    'oc1',
    'oraclecloud.com',
    `
    af-casablanca-1=lej af-johannesburg-1=jnb ap-batam-1=hsg ap-chuncheon-1=yny ap-delhi-1=onm
    ap-hyderabad-1=hyd ap-kulai-2=jbp ap-melbourne-1=mel ap-mumbai-1=bom ap-osaka-1=kix
    ap-seoul-1=icn ap-singapore-1=sin ap-singapore-2=xsp ap-sydney-1=syd ap-tokyo-1=nrt
    ca-montreal-1=yul ca-toronto-1=yyz eu-amsterdam-1=ams eu-frankfurt-1=fra eu-madrid-1=mad
    eu-madrid-3=orf eu-marseille-1=mrs eu-milan-1=lin eu-paris-1=cdg eu-stockholm-1=arn
    eu-turin-1=nrq eu-zurich-1=zrh il-jerusalem-1=mtz me-abudhabi-1=auh me-dubai-1=dxb
    me-jeddah-1=jed me-riyadh-1=ruh mx-monterrey-1=mty mx-queretaro-1=qro sa-bogota-1=bog
    sa-santiago-1=scl sa-saopaulo-1=gru sa-valparaiso-1=vap sa-vinhedo-1=vcp uk-cardiff-1=cwl
    uk-london-1=lhr us-ashburn-1=iad us-chicago-1=ord us-phoenix-1=phx us-saltlake-2=aga
    us-sanjose-1=sjc
    `,
  ],
  ['oc2', 'oraclegovcloud.com', 'us-langley-1=lfi us-luke-1=luf'],
  ['oc3', 'oraclegovcloud.com', 'us-gov-ashburn-1=ric us-gov-chicago-1=pia us-gov-phoenix-1=tus'],
  ['oc4', 'oraclegovcloud.uk', 'uk-gov-cardiff-1=brs uk-gov-london-1=ltn'],
  ['oc8', 'oraclecloud8.com', 'ap-chiyoda-1=nja ap-ibaraki-1=ukb'],
  ['oc9', 'oraclecloud9.com', 'me-dcc-muscat-1=mct me-ibri-1=ibr'],
  ['oc10', 'oraclecloud10.com', 'ap-dcc-canberra-1=wga'],
  [
    'oc14',
    'oraclecloud14.com',
    `
    eu-dcc-dublin-1=ork eu-dcc-dublin-2=snn eu-dcc-milan-1=bgy eu-dcc-milan-2=mxp
    eu-dcc-rating-1=dus eu-dcc-rating-2=dtm
    `,
  ],
  ['oc15', 'oraclecloud15.com', 'ap-dcc-gazipur-1=dac'],
  ['oc19', 'oraclecloud.eu', 'eu-frankfurt-2=str eu-madrid-2=vll'],
  ['oc20', 'oraclecloud20.com', 'eu-jovanovac-1=beg'],
  ['oc21', 'oraclecloud21.com', 'me-alrayyan-1=vve me-dcc-doha-1=doh'],
  ['oc23', 'oraclecloud23.com', 'us-somerset-1=ebb us-thames-1=ebl'],
  ['oc24', 'oraclecloud24.com', 'eu-crissier-1=avf eu-dcc-zurich-1=avz'],
  ['oc26', 'oraclecloud26.com', 'me-abudhabi-3=ahu me-alain-1=rba'],
  ['oc29', 'oraclecloud29.com', 'me-abudhabi-2=rkt me-abudhabi-4=shj'],
  ['oc35', 'oraclecloud35.com', 'ap-chuncheon-2=bno ap-seoul-2=dtz ap-suwon-1=dln'],
  ['oc42', 'oraclecloud42.com', 'us-ashburn-2=yxj us-newark-1=pgc'],
  ['oc51', 'oraclecloud51.com', 'eu-budapest-1=jsk'],
  ['oc52', 'oraclecloud52.com', 'sa-riodejaneiro-1=hnw'],
]

const KNOWN: ReadonlyMap<string, Omit<Region, 'dualStack'>> = new Map(
  REALMS.flatMap(([realm, domain, regions]) =>
    regions.trim().split(/\s+/).flatMap((entry) => {
      const [id = '', code = ''] = entry.split('=')
      return [id, code].map((name) => [name, { id, realm, domain }] as const)
    })
  ),
)

/** The ids of all known regions. */
export const REGION_IDS: readonly string[] = [
  ...new Set(Array.from(KNOWN.values(), ({ id }) => id)),
]

/** Excludes Punycode: a malformed one would make the URL invalid. */
const NAME = /^(?!xn--)[a-z0-9-]+$/
/** The last label starts with a letter; otherwise the URL would be parsed as an IPv4 address. */
const DOMAIN = /^((?!xn--)[a-z0-9-]+\.)+(?!xn--)[a-z][a-z0-9-]*$/

const lowerCase = v.pipe(v.string(), v.trim(), v.toLowerCase())
/** The JSON of `OCI_REGION_METADATA`, as Oracle's SDKs define it. */
const RegionMetadata = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    realmKey: v.pipe(lowerCase, v.regex(NAME)),
    realmDomainComponent: v.pipe(lowerCase, v.regex(DOMAIN)),
    regionKey: v.pipe(lowerCase, v.regex(NAME)),
    regionIdentifier: v.pipe(lowerCase, v.regex(NAME)),
  }),
)

/**
 * Resolves a region id or short code. An id that is not in the table gets the domain of
 * `OCI_DEFAULT_REALM`, or that of realm oc1. Throws `bad_region` if it is malformed.
 */
export function resolveRegion(text: string, environment: Environment = {}): Region {
  const name = text.trim().toLowerCase()
  const dualStack = environment['OCI_DUAL_STACK_ENDPOINT_ENABLED']?.toLowerCase() === 'true'
  if (!NAME.test(name) && !DOMAIN.test(name)) throw badRegion(text)
  const found = KNOWN.get(name) ?? declaredRegion(name, environment['OCI_REGION_METADATA']) ??
    { id: name, realm: undefined, domain: defaultDomain(environment['OCI_DEFAULT_REALM']) }
  return { ...found, dualStack }
}

/** The id of a region that is named by its id or short code; another text as it is. */
export function regionId(name: string): string {
  return KNOWN.get(name)?.id ?? name
}

/**
 * Returns the region that an OCID names by its id or code, if requests may be sent there: a configured
 * region, or a known one in the realm of the first. The text is a client's, so no other host is called.
 */
export function regionNamed(
  name: string,
  configured: readonly [Region, ...Region[]],
  environment: Environment = {},
): Region | undefined {
  if (!NAME.test(name)) return undefined
  const region = resolveRegion(name, environment)
  const isOwnRealm = region.realm !== undefined && region.realm === configured[0].realm
  return configured.find(({ id }) => id === region.id) ?? (isOwnRealm ? region : undefined)
}

/** The ids of all regions in the table, of one realm if it is given. */
export function knownRegions(realm?: string): string[] {
  const regions = [...KNOWN.values()].filter((region) => !realm || region.realm === realm)
  return [...new Set(regions.map(({ id }) => id))]
}

/** The inference endpoint, base of the paths `/20231130/actions` and `/openai/v1`. */
export function inferenceEndpoint(region: Region): URL {
  return serviceEndpoint('inference.generativeai', region)
}

/** The management endpoint, which lists models and endpoints below `/20231130`. */
export function controlEndpoint(region: Region): URL {
  return serviceEndpoint('generativeai', region)
}

/** The identity service, which lists compartments below `/20160918`. */
export function identityEndpoint(region: Region): URL {
  return serviceEndpoint('identity', region)
}

/** The Usage API, which answers what is billed below `/20200107`. */
export function usageEndpoint(region: Region): URL {
  return serviceEndpoint('usageapi', region)
}

/** The Secret Retrieval API of OCI Vault, below `/20190301`. */
export function secretsEndpoint(region: Region): URL {
  return serviceEndpoint('secrets.vaults', region)
}

/** The ingestion service of OCI Monitoring, which receives metrics below `/20180401`. */
export function monitoringEndpoint(region: Region): URL {
  const host = hasDomain(region) ? region.id : `${region.id}.${region.domain}`
  return new URL(`https://telemetry-ingestion.${host}`)
}

/** The auth service, which issues and refreshes tokens. */
export function authEndpoint(region: Region): URL {
  return new URL(`https://auth.${hasDomain(region) ? region.id : `${region.id}.${region.domain}`}`)
}

function declaredRegion(name: string, metadata: string | undefined) {
  if (!metadata) return undefined
  const { success, output } = v.safeParse(RegionMetadata, metadata)
  if (!success) {
    const state = 'it is not a JSON object with realmKey, realmDomainComponent, regionKey and ' +
      'regionIdentifier'
    throw configurationError(`Cannot read OCI_REGION_METADATA: ${state}`, 'bad_region_metadata')
  }
  const { regionIdentifier: id, regionKey, realmKey: realm, realmDomainComponent: domain } = output
  return name === id || name === regionKey ? { id, realm, domain } : undefined
}

function defaultDomain(text: string | undefined): string {
  if (!text) return 'oraclecloud.com'
  const domain = text.trim().toLowerCase()
  if (DOMAIN.test(domain)) return domain
  const state = `"${text}" is not a domain such as "oraclecloud10.com"`
  throw configurationError(`Cannot use OCI_DEFAULT_REALM: ${state}`, 'bad_default_realm')
}

function badRegion(text: string): ApiError {
  const state = 'a region consists of letters, digits and hyphens, such as us-chicago-1'
  return configurationError(`Cannot use the region "${text}": ${state}`, 'bad_region')
}

function serviceEndpoint(service: string, region: Region): URL {
  if (hasDomain(region)) return new URL(`https://${service}.${region.id}`)
  const oci = region.dualStack ? 'ds.oci' : 'oci'
  return new URL(`https://${service}.${region.id}.${oci}.${region.domain}`)
}

function hasDomain({ id }: Region): boolean {
  return id.includes('.')
}

function configurationError(message: string, reason: string): ApiError {
  return new ApiError('configuration_error', message, { reason })
}
