import { emptyChatRequest } from '../chat/model.ts'
import type { Config } from '../config/read.ts'
import { ociSetup } from '../entry/oci-setup.ts'
import { ApiError } from '../errors.ts'
import type { AuthDependencies } from '../oci/auth/dependencies.ts'
import { withCredential } from '../config/environment.ts'
import { openCredential } from '../oci/auth/open-credential.ts'
import type { Principal } from '../oci/auth/principal.ts'
import { createOciClient } from '../oci/client.ts'
import type { OciSetup } from '../oci/context.ts'
import { createClock, type OciClock } from '../oci/http/clock.ts'
import { errorBodyOf } from '../oci/http/error.ts'
import { createSender } from '../oci/http/send.ts'
import { upstreamUrl } from '../oci/http/upstream-url.ts'
import { type ListedModel, readModels } from '../oci/models/list.ts'
import { controlEndpoint, inferenceEndpoint, type Region } from '../oci/regions.ts'
import type { RetryPolicy } from '../oci/resilience/retry-policy.ts'
import { requestSigner, type SigningIdentity } from '../oci/signing/request-signer.ts'
import type { Platform } from '../platform.ts'
import { type Attempt, attempt, once } from './finding.ts'
import type { GatewaySettings, LocalFacts } from './local.ts'
import type { Machine } from './machine.ts'
import { type Probe, probe } from './probe.ts'

/** The addresses of OCI that the gateway calls. */
export interface Endpoints {
  inference: URL
  control: URL
  /** Whether any of them is configured. Then no other host of OCI is called. */
  isConfigured: boolean
  /** Whether the list of models may be read, and whether models may be called. */
  canList: boolean
  canCall: boolean
}

/** What OCI answers. Each call is made once, when it is needed. */
export interface RemoteFacts {
  /** `undefined` as long as the region is unknown. */
  endpoints(): Promise<Endpoints | undefined>
  /** Calls an address without a signature. */
  probe(url: URL): Promise<Probe>
  /** By how many milliseconds OCI's clock is ahead; `undefined` if it is unknown. */
  clockOffset(): Promise<number | undefined>
  /** The same by calls without a signature only. */
  probedOffset(): Promise<number | undefined>
  principal(): Promise<Attempt<Principal>>
  setup(): Promise<Attempt<OciSetup>>
  /** OCI's own list of models. */
  models(): Promise<Attempt<readonly ListedModel[]>>
  /** The list of another compartment. */
  modelsOf(compartmentId: string): Promise<Attempt<readonly ListedModel[]>>
  /** Sends the smallest chat to a model. */
  chat(model: string): Promise<Attempt<void>>
  /** Whether OCI accepts a key, by default in the own region; `undefined` if it cannot be asked. */
  isAccepted(
    signing: SigningIdentity,
    compartmentId: string,
    control?: URL,
  ): Promise<boolean | undefined>
}

/** Milliseconds. OCI rejects signatures that differ by more. */
export const MAX_CLOCK_OFFSET = 300_000
/** Milliseconds until the headers of an answer. */
const RESPONSE_TIMEOUT = 30_000
const IDLE_TIMEOUT = 10_000
const ONE_ATTEMPT: RetryPolicy = {
  ...{ maxAttempts: 1, initialDelay: 0, maxDelay: 0, maxRetryAfter: 0, deadline: RESPONSE_TIMEOUT },
}

function modelsUrl(control: URL, compartmentId: string): URL {
  const query = [['compartmentId', compartmentId], ['limit', '1']] as const
  return upstreamUrl(control, ['20231130', 'models'], query)
}

/** Creates the facts. Nothing is called before it is needed. */
export function createRemoteFacts(machine: Machine, local: LocalFacts): RemoteFacts {
  const probeOnce = onceFor((url: URL) => probe(url, machine), ({ origin }) => origin)
  const platform = platformOf(machine)
  const clock = once(() => createCorrectedClock(machine, local, probeOnce))
  const principal = once(() =>
    attempt(async () => {
      const own = valueOf(await local.settings())
      return openCredential(dependenciesOf(machine, own, platform, await clock()))
    })
  )
  const setup = once(() =>
    attempt(async () => {
      const [own, opened] = [valueOf(await local.settings()), valueOf(await principal())]
      const config = singleCalls(own.config)
      return ociSetup(config, opened, { env: machine.env, platform, clock: await clock() })
    })
  )
  const endpoints = once(() => findEndpoints(local, principal))
  const calls = createCalls(machine, setup, endpoints)
  return {
    ...{ probe: probeOnce, principal, setup, endpoints, ...calls },
    async clockOffset() {
      // The list tells the time of OCI if its clock differs too much.
      await calls.models()
      const learned = (await clock()).now() - machine.now()
      return Math.abs(learned) > 1_000 ? learned : await probedOffset(local, probeOnce)
    },
    probedOffset: () => probedOffset(local, probeOnce),
    async isAccepted(signing, compartmentId, control) {
      const address = await endpoints()
      if (!address?.canList) return undefined
      const url = modelsUrl(control ?? address.control, compartmentId)
      if (!isOfOci(await probeOnce(url))) return undefined
      const { signal } = machine
      return await isAccepted(signing, url, { platform, clock: await clock(), signal })
    },
  }
}

/** A network that answers with pages of its own would accept everything. */
function isOfOci(unsigned: Probe): boolean {
  return unsigned.type === 'answered' && !unsigned.isPage
}

/** Whether OCI accepts calls that are signed with a key; `undefined` without an answer. */
async function isAccepted(
  signing: Parameters<typeof requestSigner>[0],
  url: URL,
  { platform, clock, signal }: { platform: Platform; clock: OciClock; signal: AbortSignal },
): Promise<boolean | undefined> {
  const options = { credential: requestSigner(signing), clock, platform }
  const send = createSender({ ...options, responseTimeout: RESPONSE_TIMEOUT })
  const answer = await attempt(() => send({ method: 'GET', url }, signal))
  if (answer.type === 'done') return true
  const status = errorBodyOf(answer.error)?.status
  return status === undefined ? undefined : status !== 401
}

/** The calls that list models and send chats. */
function createCalls(
  { signal }: Machine,
  setup: RemoteFacts['setup'],
  endpoints: RemoteFacts['endpoints'],
): Pick<RemoteFacts, 'models' | 'modelsOf' | 'chat'> {
  const call = () => ({ signal, requestId: crypto.randomUUID() })
  const list = (compartmentId?: string) =>
    attempt(async () => {
      const own = valueOf(await setup())
      if (!(await endpoints())?.canList) throw notConfigured('control plane')
      return await readModels({ ...own, ...(compartmentId && { compartmentId }) }, call())
    })
  return {
    models: once(() => list()),
    modelsOf: list,
    chat: onceFor(
      (model: string) =>
        attempt(async () => {
          const own = valueOf(await setup())
          if (!(await endpoints())?.canCall) throw notConfigured('inference service')
          await sendSmallest(model, own, call())
        }),
      (model) => model,
    ),
  }
}

/** The error for a call that would leave the configured endpoints. */
function notConfigured(what: string): ApiError {
  const message = `Cannot call the ${what}: only another endpoint is configured`
  return new ApiError('configuration_error', message, { reason: 'not_configured' })
}

/** Makes a function that does its work once for each key. */
function onceFor<Input, Result>(
  work: (input: Input) => Result,
  keyOf: (input: Input) => string,
): (input: Input) => Result {
  const results = new Map<string, Result>()
  return (input) => {
    const key = keyOf(input)
    const result = results.get(key) ?? work(input)
    results.set(key, result)
    return result
  }
}

/** The value of an attempt. Throws the error of a failed one. */
export function valueOf<T>(made: Attempt<T>): T {
  if (made.type === 'failed') throw made.error
  return made.value
}

function platformOf({ fetch, now }: Machine): Platform {
  return { fetch, now, randomId: () => crypto.randomUUID(), log: () => {} }
}

function dependenciesOf(
  { env, files, fetchWithCa }: Machine,
  { config }: GatewaySettings,
  platform: Platform,
  clock: OciClock,
): AuthDependencies {
  return {
    ...{ environment: withCredential(env, config.credential), files, platform, clock, fetchWithCa },
    ...{ sharePromises: true, retry: ONE_ATTEMPT },
  }
}

/** One call in the first region, so that no other region and no repetition hides a failure. */
function singleCalls(config: Config): Config {
  return {
    ...config,
    regions: config.regions.slice(0, 1),
    fallbacks: new Map(),
    retry: { ...config.retry, maxAttempts: 1 },
    timeouts: { ...config.timeouts, response: RESPONSE_TIMEOUT, idle: IDLE_TIMEOUT },
  }
}

/** Corrects the time by OCI's from the start: an expiry time means nothing on a wrong clock. */
async function createCorrectedClock(
  machine: Machine,
  local: LocalFacts,
  probeOnce: RemoteFacts['probe'],
): Promise<OciClock> {
  const offset = await probedOffset(local, probeOnce) ?? 0
  const correction = Math.abs(offset) > MAX_CLOCK_OFFSET ? offset : 0
  return createClock(() => machine.now() + correction)
}

async function probedOffset(
  local: LocalFacts,
  probeOnce: RemoteFacts['probe'],
): Promise<number | undefined> {
  const region = await local.region()
  const endpoints = await configuredEndpoints(local, region)
  if (endpoints === undefined) return undefined
  for (const url of calledAddresses(endpoints)) {
    const answer = await probeOnce(url)
    if (answer.type === 'answered' && !answer.isPage) return answer.offset
  }
  return undefined
}

/** The addresses that may be called, the control plane first. */
export function calledAddresses({ control, inference, canList, canCall }: Endpoints): URL[] {
  return [...canList ? [control] : [], ...canCall ? [inference] : []]
}

async function findEndpoints(
  local: LocalFacts,
  principal: RemoteFacts['principal'],
): Promise<Endpoints | undefined> {
  const region = await local.region()
  if (region !== undefined) return await configuredEndpoints(local, region)
  const opened = await principal()
  return await configuredEndpoints(
    local,
    opened.type === 'done' ? opened.value.region : undefined,
  )
}

async function configuredEndpoints(
  local: LocalFacts,
  region: Region | undefined,
): Promise<Endpoints | undefined> {
  const settings = await local.settings()
  // An invalid configuration may have other addresses, so none is called.
  if (settings.type === 'failed') return undefined
  const { config: own } = settings.value
  const inference = own.inferenceEndpoint ?? (region && inferenceEndpoint(region))
  const control = own.controlEndpoint ?? (region && controlEndpoint(region))
  if (inference === undefined || control === undefined) return undefined
  const isConfigured = Boolean(own.inferenceEndpoint ?? own.controlEndpoint)
  const canList = !isConfigured || own.controlEndpoint !== undefined
  const canCall = !isConfigured || own.inferenceEndpoint !== undefined
  return { inference, control, isConfigured, canList, canCall }
}

/** Sends a message of one word and permits one token of output. */
async function sendSmallest(
  model: string,
  setup: OciSetup,
  call: { signal: AbortSignal; requestId: string },
): Promise<void> {
  const text = { type: 'text', text: 'Hi' } as const
  try {
    await createOciClient(setup).chat({
      ...emptyChatRequest(model),
      messages: [{ role: 'user', content: [text], name: undefined }],
      outputLimit: 1,
    }, call)
  } catch (error) {
    // A model that reasons may not get to its answer within one token.
    if (error instanceof ApiError && error.code === 'upstream_incomplete') return
    throw error
  }
}
