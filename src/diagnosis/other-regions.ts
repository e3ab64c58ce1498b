import * as v from 'valibot'
import { inParallel } from '../oci/async/in-parallel.ts'
import { errorBodyOf } from '../oci/http/error.ts'
import { readJson } from '../oci/http/read-json.ts'
import { upstreamUrl } from '../oci/http/upstream-url.ts'
import { type ListedModel, readModels } from '../oci/models/list.ts'
import {
  controlEndpoint,
  identityEndpoint,
  inferenceEndpoint,
  knownRegions,
  type Region,
  resolveRegion,
} from '../oci/regions.ts'
import type { SigningIdentity } from '../oci/signing/request-signer.ts'
import { nearestNames } from '../nearest-names.ts'
import { type Attempt, attempt } from './finding.ts'
import { valueOf } from './remote.ts'
import type { Session } from './session.ts'

/** Regions that are asked at once. */
const CONCURRENCY = 8
/** Milliseconds to read an answer. */
const IDLE_TIMEOUT = 10_000

/** The regions of the realm, without the own one, that have the Generative AI service: by DNS. */
export async function regionsWithService(own: Region, { machine }: Session): Promise<string[]> {
  const ids = knownRegions(own.realm).filter((id) => id !== own.id)
  const found = await inParallel(ids, CONCURRENCY, machine.signal, async (id) => {
    const { hostname } = inferenceEndpoint(resolveRegion(id, machine.env))
    const addresses = await machine.network.resolve(hostname).catch(() => [])
    return addresses.length > 0 ? [id] : []
  })
  return found.flat()
}

/** The region that is probably nearest: in the same part of the world, with a similar name. */
export function nearestRegion(own: string, others: readonly string[]): string | undefined {
  const [part = ''] = own.split('-')
  const near = others.filter((other) => other.startsWith(`${part}-`))
  const candidates = near.length > 0 ? near : others
  return nearestNames(own, candidates)[0] ?? candidates[0]
}

/** Another region of the realm, and what its control plane answers. */
export interface RegionAnswer {
  region: string
  models: Attempt<readonly ListedModel[]>
}

/**
 * Lists the models of other regions. Makes no call if an endpoint is configured: then only that one
 * may be called.
 */
export async function listOtherRegions(session: Session): Promise<readonly RegionAnswer[]> {
  const [own, endpoints] = [await session.region(), await session.endpoints()]
  const setup = await session.setup()
  if (own === undefined || endpoints?.isConfigured || setup.type === 'failed') return []
  const { machine } = session
  const ids = await regionsWithService(own, session)
  return await inParallel(ids, CONCURRENCY, machine.signal, async (id) => {
    const control = controlEndpoint(resolveRegion(id, machine.env))
    const models = await attempt(() =>
      readModels({ ...setup.value, control }, {
        signal: machine.signal,
        requestId: crypto.randomUUID(),
      })
    )
    return { region: id, models }
  })
}

/** The first region that accepts the credential: it answers, and not with 401. */
export function acceptingRegion(answers: readonly RegionAnswer[]): string | undefined {
  return answers.find(({ models }) => {
    if (models.type === 'done') return true
    const status = errorBodyOf(models.error)?.status
    return status !== undefined && status !== 401
  })?.region
}

/** Whether another region of the realm accepts a key. No call is made if an endpoint is configured. */
export async function isAcceptedElsewhere(
  signing: SigningIdentity,
  compartmentId: string,
  session: Session,
): Promise<boolean> {
  const [own, endpoints] = [await session.region(), await session.endpoints()]
  if (own === undefined || endpoints?.isConfigured) return false
  const { machine } = session
  const ids = await regionsWithService(own, session)
  const accepted = await inParallel(ids, CONCURRENCY, machine.signal, (id) => {
    const control = controlEndpoint(resolveRegion(id, machine.env))
    return session.isAccepted(signing, compartmentId, control)
  })
  return accepted.includes(true)
}

/** The regions that list a model on demand. */
export function regionsOffering(model: string, answers: readonly RegionAnswer[]): string[] {
  return answers.flatMap(({ region, models }) =>
    models.type === 'done' && models.value.some(({ id, retired }) => id === model && !retired)
      ? [region]
      : []
  )
}

const Compartment = v.object({ id: v.string(), name: v.nullish(v.string()) })

/**
 * Asks the identity service for a compartment: its name, `undefined` if it is not visible, or
 * `'unknown'` if the service may not be asked or does not answer.
 */
export async function findCompartment(
  id: string,
  session: Session,
): Promise<{ name: string } | 'not visible' | 'unknown'> {
  const [region, endpoints] = [await session.region(), await session.endpoints()]
  if (region === undefined || endpoints?.isConfigured) return 'unknown'
  const url = upstreamUrl(identityEndpoint(region), ['20160918', 'compartments', id])
  const answer = await attempt(async () => {
    const { send } = valueOf(await session.setup())
    const response = await send({ method: 'GET', url }, session.machine.signal)
    return v.parse(Compartment, await readJson(response, IDLE_TIMEOUT, session.machine.signal))
  })
  if (answer.type === 'done') return { name: answer.value.name ?? id }
  return errorBodyOf(answer.error)?.status === 404 ? 'not visible' : 'unknown'
}

/** The region that accepts a bearer key: only there it is not answered with 401. */
export async function regionOfBearerKey(session: Session): Promise<string | undefined> {
  const [own, endpoints] = [await session.region(), await session.endpoints()]
  if (own === undefined || endpoints?.isConfigured) return undefined
  const { machine } = session
  const ids = await regionsWithService(own, session)
  const accepted = await inParallel(ids, CONCURRENCY, machine.signal, async (id) => {
    const base = inferenceEndpoint(resolveRegion(id, machine.env))
    return await acceptsBearerKey(base, session) ? [id] : []
  })
  return accepted.flat()[0]
}

/**
 * Calls a model that does not exist, so that the call costs nothing where the key is valid. The answer
 * is then about the model; a region without the endpoint answers 404 to any key.
 */
async function acceptsBearerKey(base: URL, session: Session): Promise<boolean> {
  const url = upstreamUrl(base, ['openai', 'v1', 'chat', 'completions'])
  const text = JSON.stringify({
    model: 'oci-gateway.doctor',
    messages: [{ role: 'user', content: 'Hi' }],
    max_tokens: 1,
  })
  const body = new TextEncoder().encode(text)
  const answer = await attempt(async () => {
    const { send } = valueOf(await session.setup())
    await send({ method: 'POST', url, body }, session.machine.signal)
  })
  if (answer.type === 'done') return true
  const { status = 0, message = '' } = errorBodyOf(answer.error) ?? {}
  return status === 400 || (status === 404 && /model|entity with key/i.test(message))
}
