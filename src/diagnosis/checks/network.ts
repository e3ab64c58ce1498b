import { quoteForShell } from '../../causes/shell.ts'
import { identityEndpoint } from '../../oci/regions.ts'
import { fail, type Finding, ok, skip } from '../finding.ts'
import type { Connection, Machine } from '../machine.ts'
import { failureCode, failureKind } from '../probe.ts'
import { nearestRegion, regionsWithService } from '../other-regions.ts'
import { proxyUrl } from '../proxy.ts'
import type { Session } from '../session.ts'
import { connectToProxy, findTargets, isProxied, type Target } from '../targets.ts'

/** Whether names of hosts have addresses. */
export async function checkDns(session: Session): Promise<Finding> {
  const targets = await findTargets(session)
  if (targets.length === 0) return skip('the address of OCI is unknown')
  const direct = targets.filter((target) => !isProxied(target))
  if (direct.length === 0) return skip('the proxy looks names up')
  // The name of a misspelled region has no address either.
  if (session.hasFailed() && (await session.region())?.realm === undefined) {
    if (direct.some(({ setting }) => setting === undefined)) return skip('needs a known region')
  }
  for (const target of direct) {
    const problem = await resolveTarget(target, session)
    if (problem) return problem
  }
  return ok(direct.map(({ host }) => host).join(', '))
}

async function resolveTarget(target: Target, session: Session): Promise<Finding | undefined> {
  const { host, setting, proxy } = target
  const code = await lookUp(host, session)
  if (code === undefined) return undefined
  if (setting !== undefined) {
    return fail('dns_of_endpoint', { host, code, setting: setting.name, change: setting.change })
  }
  if (await isMissed(target, session)) {
    return fail('proxy_ignored', { host, code, variable: proxy?.name ?? '' })
  }
  return await explainService(host, code, session)
}

/** Whether the runtime does not use a proxy that answers. */
async function isMissed({ proxy }: Target, session: Session): Promise<boolean> {
  const url = proxy?.unusedBecause === 'runtime' ? proxyUrl(proxy.text) : undefined
  return url !== undefined && (await connectToProxy(url, session)).type === 'open'
}

/** The code of a failed look-up; `undefined` for a name with addresses. */
async function lookUp(host: string, { machine }: Session): Promise<string | undefined> {
  try {
    const addresses = await machine.network.resolve(host)
    return addresses.length > 0 ? undefined : 'ENOTFOUND'
  } catch (error) {
    return failureCode(error)
  }
}

/** The name may be missing because the region has no Generative AI. */
async function explainService(host: string, code: string, session: Session): Promise<Finding> {
  const region = await session.region()
  const endpoints = await session.endpoints()
  if (region === undefined || endpoints?.isConfigured) return fail('dns_failed', { host, code })
  if (await lookUp(identityEndpoint(region).hostname, session) !== undefined) {
    return fail('dns_failed', { host, code })
  }
  const nearest = nearestRegion(region.id, await regionsWithService(region, session))
  return nearest === undefined
    ? fail('dns_failed', { host, code })
    : fail('region_without_service', { region: region.id, host, nearest })
}

/** Whether TCP connections can be opened. */
export async function checkConnection(session: Session): Promise<Finding> {
  const targets = await findTargets(session)
  if (targets.length === 0) return skip('the address of OCI is unknown')
  const direct = targets.filter((target) => !isProxied(target))
  if (direct.length === 0) return skip('the proxy connects')
  for (const target of direct) {
    if (await lookUp(target.host, session) !== undefined) return skip('needs the address')
    const { host, port, setting, proxy } = target
    const connection = await session.machine.network.connect({ host, port, tls: false })
    if (connection.type === 'open') continue
    const { code } = connection
    if (setting !== undefined) {
      const { name, change } = setting
      return fail('endpoint_unreachable', { host, port: String(port), code, setting: name, change })
    }
    return await isMissed(target, session)
      ? fail('proxy_ignored', { host, code, variable: proxy?.name ?? '' })
      : fail('connection_failed', { host, port: String(port), code })
  }
  return ok(direct.map(({ host, port }) => `${host}:${port}`).join(', '))
}

/** Whether the runtime trusts the certificates, and whether OCI is what answers. */
export async function checkTls(session: Session): Promise<Finding> {
  const targets = await findTargets(session)
  if (targets.length === 0) return skip('the address of OCI is unknown')
  for (const target of targets) {
    const answer = await session.probe(target.url)
    if (answer.type === 'failed') return await explainAnswer(answer.code, target, session)
    // The page of an endpoint's root is harmless if the calls themselves work.
    if (answer.isPage && (await session.models()).type === 'failed') return explainPage(target)
  }
  const isPlain = targets.every(({ url }) => url.protocol === 'http:')
  return ok(isPlain ? 'plain HTTP, as configured' : 'certificates are trusted')
}

function explainPage({ host, setting }: Target): Finding {
  return setting === undefined
    ? fail('captive_portal', { host })
    : fail('endpoint_not_oci', { host, setting: setting.name, change: setting.change })
}

async function explainAnswer(code: string, target: Target, session: Session): Promise<Finding> {
  const { host, port, setting, url } = target
  const kind = failureKind(code)
  if (kind === 'dns' || kind === 'tcp' || kind === 'proxy') {
    if (session.hasFailed()) return skip(`no connection (${code})`)
    return code === 'ETIMEDOUT' ? fail('service_silent', { seconds: '60' }) : lost(target)
  }
  if (url.protocol === 'http:') return lost(target)
  const connection = await session.machine.network.connect({ host, port, tls: true })
  const certificate = connection.type === 'open' ? connection.certificate : undefined
  switch (kind) {
    case 'untrusted':
      return await explainAuthority(target, certificate?.issuer ?? 'unknown', session)
    case 'expired':
      return fail('certificate_expired', { host, end: certificate?.validTo ?? 'an unknown date' })
    case 'other name':
      return fail('certificate_of_other_host', {
        ...{ host, subject: certificate?.subject ?? 'unknown' },
        change: setting?.change ?? `nslookup ${host}`,
      })
    case 'unknown':
      return fail('tls_failed', { host, port: String(port), code })
  }
}

function lost({ host, url }: Target): Finding {
  return fail('connection_lost', { host, url: url.origin })
}

/** Files in which the authority of a company usually is, for other tools of the machine. */
const BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
]

const RUNTIMES: Readonly<Record<Machine['runtime']['name'], string>> = {
  node: 'Node',
  bun: 'Bun',
  deno: 'Deno',
}

/** Looks for a file with the missing authority. NODE_EXTRA_CA_CERTS works on all runtimes (measured). */
async function explainAuthority(
  target: Target,
  issuer: string,
  session: Session,
): Promise<Finding> {
  const { env, runtime } = session.machine
  const values = { runtime: RUNTIMES[runtime.name], host: target.host, issuer }
  const own = env['OCI_CLI_CERT_BUNDLE']?.trim()
  if (own && await trusts(own, target, session) !== false) {
    return fail('cert_bundle_ignored', { ...values, bundle: quoteForShell(own) })
  }
  const others = [
    env['SSL_CERT_FILE'],
    env['REQUESTS_CA_BUNDLE'],
    env['CURL_CA_BUNDLE'],
    ...BUNDLES,
  ]
  for (const path of others) {
    if (path && await trusts(path, target, session)) {
      return fail('unknown_authority', { ...values, bundle: quoteForShell(path) })
    }
  }
  return fail('unknown_authority', { ...values, bundle: '/path/of/the/authority.pem' })
}

/** Whether a connection is trusted with the authorities of a file; `undefined` if it has none. */
async function trusts(
  path: string,
  { host, port }: Target,
  { machine }: Session,
): Promise<boolean | undefined> {
  const authorities = await machine.files.read(path).catch(() => undefined)
  if (authorities === undefined) return undefined
  const made: Connection = await machine.network.connect({ host, port, tls: true, authorities })
  return made.type === 'open' && made.certificate?.isTrusted === true
}
