import type { MiddlewareHandler } from 'hono'
import { type Env, reject, type SimulatorContext } from '../context.ts'
import { badParameter, isServiceError, notFound, type ServiceError } from '../service-error.ts'
import { checkCompartment } from '../check-request.ts'
import {
  type Caller,
  type FindKey,
  notAuthenticated,
  verifySignature,
} from '../verify-signature.ts'

/** The callers that the OpenAI endpoint accepts. */
export interface OpenAiAccess {
  /** The keys of callers that sign their requests. */
  findKey: FindKey
  /** The secrets of Generative AI's own API keys. */
  bearerKeys: ReadonlySet<string>
  /** Whether requests need the header `OpenAI-Project`. */
  requireProject: boolean
  /** The only region that accepts bearer keys; any if it is `undefined`. */
  bearerRegion: string | undefined
}

/** Accepts a bearer key of the service, or a signature with the compartment's headers. */
export function authenticateOpenAi(
  context: SimulatorContext,
  access: OpenAiAccess,
): MiddlewareHandler<Env> {
  return async function authenticateOpenAi(c, next) {
    const { received, url } = c.get('exchange')
    const { headers } = received
    const [, secret] = /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '') ?? []
    const caller = secret === undefined
      ? await verifySignature({ ...received, url }, access.findKey, context.now())
      : findBearer(secret, url.hostname, access)
    if (isServiceError(caller)) return reject(caller, context)
    const denied = (secret === undefined ? checkCompartments(headers, caller) : undefined) ??
      checkProject(headers, access)
    if (denied) return reject(denied, context)
    c.set('keyId', caller.keyId)
    return await next()
  }
}

/** A bearer key belongs to a compartment, so no header names one. */
function findBearer(
  secret: string,
  hostname: string,
  { bearerKeys, bearerRegion }: OpenAiAccess,
): Caller | ServiceError {
  const isHere = bearerRegion === undefined || hostname.includes(`.${bearerRegion}.`)
  if (isHere && bearerKeys.has(secret)) return { keyId: 'generativeaiapikey' }
  return notAuthenticated('unknown bearer key')
}

/** Oracle's clients send both headers; the older path reads `CompartmentId`. */
function checkCompartments(headers: Headers, { keyId }: Caller): ServiceError | undefined {
  const compartment = headers.get('opc-compartment-id')
  const older = headers.get('CompartmentId')
  if (compartment === null) return badParameter('Missing header opc-compartment-id')
  if (older === null) return badParameter('Missing header CompartmentId')
  if (older !== compartment) return badParameter('CompartmentId is not opc-compartment-id')
  return checkCompartment(compartment, keyId)
}

function checkProject(
  headers: Headers,
  { requireProject }: OpenAiAccess,
): ServiceError | undefined {
  const project = headers.get('OpenAI-Project')
  if (project === null) return requireProject ? badParameter('Missing project') : undefined
  const isOcid = /^ocid1\.generativeaiproject\.[\w-]+\.[\w-]*\.[\w-]+$/.test(project)
  return isOcid ? undefined : notFound(`no project "${project}"`)
}
