import type { MiddlewareHandler } from 'hono'
import type { Env } from '../admit.ts'
import { badParameter, isRefusal, notFound, type Refusal } from '../refusal.ts'
import { checkCompartment } from '../serving.ts'
import {
  type Caller,
  type FindKey,
  notAuthenticated,
  verifySignature,
} from '../verify-signature.ts'
import { refuse, type World } from '../context.ts'

/** Who may use OpenAI's endpoint. */
export interface OpenAiDoor {
  /** For those who sign. */
  findKey: FindKey
  /** The secrets of Generative AI's own API keys. */
  bearerKeys: ReadonlySet<string>
  /** Whether the header `OpenAI-Project` has to name a project. */
  wantsProject: boolean
}

/** Lets through who shows a key of the service, or signs and says which compartment pays. */
export function admitOpenAi(world: World, door: OpenAiDoor): MiddlewareHandler<Env> {
  return async function admitOpenAi(c, next) {
    const { seen, url } = c.get('exchange')
    const { headers } = seen
    const [, secret] = /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '') ?? []
    const caller = secret === undefined
      ? await verifySignature({ ...seen, url }, door.findKey, world.now())
      : findBearer(secret, door)
    if (isRefusal(caller)) return refuse(caller, world)
    const denied = (secret === undefined ? checkCompartments(headers, caller) : undefined) ??
      checkProject(headers, door)
    if (denied) return refuse(denied, world)
    c.set('keyId', caller.keyId)
    return await next()
  }
}

/** A key implies its compartment. */
function findBearer(secret: string, { bearerKeys }: OpenAiDoor): Caller | Refusal {
  if (bearerKeys.has(secret)) return { keyId: 'generativeaiapikey' }
  return notAuthenticated('unknown bearer key')
}

/** Oracle's own clients send both headers, the older one for the older path. */
function checkCompartments(headers: Headers, { keyId }: Caller): Refusal | undefined {
  const compartment = headers.get('opc-compartment-id')
  const older = headers.get('CompartmentId')
  if (compartment === null) return badParameter('Missing header opc-compartment-id')
  if (older === null) return badParameter('Missing header CompartmentId')
  if (older !== compartment) return badParameter('CompartmentId is not opc-compartment-id')
  return checkCompartment(compartment, keyId)
}

function checkProject(headers: Headers, { wantsProject }: OpenAiDoor): Refusal | undefined {
  const project = headers.get('OpenAI-Project')
  if (project === null) return wantsProject ? badParameter('Missing project') : undefined
  const isOcid = /^ocid1\.generativeaiproject\.[\w-]+\.[\w-]*\.[\w-]+$/.test(project)
  return isOcid ? undefined : notFound(`no project "${project}"`)
}
