import type { Context, MiddlewareHandler } from 'hono'
import { type Env, reject, type SimulatorContext } from './context.ts'
import { notFound, type ServiceError } from './service-error.ts'
import { notAuthenticated } from './verify-signature.ts'

/** What a tenancy has and allows. By default it has everything and allows everything. */
export interface SimulatedTenancy {
  /** The regions that know its users and keys. */
  subscriptions?: readonly string[]
  /** The names of the models that a region serves, for regions that do not serve all. */
  models?: ReadonlyMap<string, readonly string[]>
  /** Whether the control plane has model discovery. Default: `true`. */
  hasModelDiscovery?: boolean
  /** Its compartments, besides the root compartment, by OCID. */
  compartments?: ReadonlySet<string>
  /** What its policies allow in a compartment: to list models (`inspect`), to call them (`use`). */
  allows?(action: 'inspect' | 'use', compartment: string): boolean
}

/** The region in the name of a host, such as `generativeai.us-chicago-1.oci.oraclecloud.com`. */
export function regionOfHost(host: string): string | undefined {
  return /^(?:inference\.)?(?:generativeai|identity|usageapi)\.([a-z0-9-]+)\./.exec(host)?.[1]
}

/** Rejects calls in regions without a subscription, as OCI does: it does not know the caller there. */
export function checkSubscription(
  context: SimulatorContext,
  { subscriptions }: SimulatedTenancy,
): MiddlewareHandler<Env> {
  return async function checkSubscription(c, next) {
    const region = regionOfHost(c.get('exchange').url.hostname)
    if (region === undefined || subscriptions?.includes(region) !== false) return await next()
    return reject(notAuthenticated(`no subscription to ${region}`), context)
  }
}

/** Rejects calls in unknown compartments, without a policy, or of models of other regions. */
export function checkPolicies(
  context: SimulatorContext,
  tenancy: SimulatedTenancy,
): MiddlewareHandler<Env> {
  return async function checkPolicies(c, next) {
    const error = findDenial(c, tenancy)
    return error ? reject(error, context) : await next()
  }
}

function findDenial(c: Context<Env>, tenancy: SimulatedTenancy): ServiceError | undefined {
  const { received: { method, json, headers }, url } = c.get('exchange')
  const compartment = url.searchParams.get('compartmentId') ??
    textAt(json, 'compartmentId') ?? headers.get('opc-compartment-id') ?? ''
  const isRoot = compartment.startsWith('ocid1.tenancy.')
  if (!isRoot && tenancy.compartments?.has(compartment) === false) {
    return notFound('no such compartment')
  }
  const action = method === 'GET' ? 'inspect' : 'use'
  if (tenancy.allows?.(action, compartment) === false) return notFound(`no policy for ${action}`)
  const model = textAt(memberAt(json, 'servingMode'), 'modelId')
  const served = tenancy.models?.get(regionOfHost(url.hostname) ?? '')
  if (model === undefined || served === undefined || served.includes(model)) return undefined
  if (model.startsWith('ocid1.')) return undefined
  const message = `Entity with key ${model} not found`
  return { status: 404, code: '404', message, reason: 'not in this region' }
}

function memberAt(json: unknown, name: string): unknown {
  return typeof json === 'object' && json !== null
    ? Object.entries(json).find(([key]) => key === name)?.[1]
    : undefined
}

function textAt(json: unknown, name: string): string | undefined {
  const member = memberAt(json, name)
  return typeof member === 'string' ? member : undefined
}
