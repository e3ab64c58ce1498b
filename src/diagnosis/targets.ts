import type { Connection } from './machine.ts'
import { portOf, proxyFor, type ProxyVariable } from './proxy.ts'
import { type GatewaySetting, gatewaySetting, type Session } from './session.ts'

/** A host of OCI that the gateway calls. */
export interface Target {
  url: URL
  host: string
  port: number
  /** The setting that names the address; `undefined` if it follows from the region. */
  setting: GatewaySetting | undefined
  /** The proxy variable for the address, which the runtime may not use. */
  proxy: ProxyVariable | undefined
}

/** The hosts that the gateway calls, the control plane first; none while they are unknown. */
export async function findTargets(session: Session): Promise<readonly Target[]> {
  const [endpoints, settings] = [await session.endpoints(), await session.settings()]
  if (endpoints === undefined || settings.type === 'failed') return []
  const { config } = settings.value
  const control = config.controlEndpoint &&
    await gatewaySetting('OCI_GENAI_CONTROL_ENDPOINT', 'controlEndpoint', session)
  const inference = config.inferenceEndpoint &&
    await gatewaySetting('OCI_GENAI_ENDPOINT', 'inferenceEndpoint', session)
  const targets = [
    ...endpoints.canList ? [targetOf(endpoints.control, control, session)] : [],
    ...endpoints.canCall ? [targetOf(endpoints.inference, inference, session)] : [],
  ]
  return targets.filter(({ url }, index) =>
    targets.findIndex((other) => other.url.origin === url.origin) === index
  )
}

function targetOf(url: URL, setting: GatewaySetting | undefined, { machine }: Session): Target {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return { url, host, port: portOf(url), setting, proxy: proxyFor(url, machine) }
}

/** Whether calls go through the proxy, so that this machine does not connect to the host itself. */
export function isProxied({ proxy }: Target): boolean {
  return proxy !== undefined && proxy.unusedBecause === undefined
}

/** Tries a connection to a proxy. */
export function connectToProxy(url: URL, { machine }: Session): Promise<Connection> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return machine.network.connect({ host, port: portOf(url), tls: url.protocol === 'https:' })
}
