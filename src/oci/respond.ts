import type { Answer } from './answer.ts'
import { type CallContext, createTrace } from './call.ts'
import type { OciContext } from './context.ts'
import { type ResolvedModel, resolveModel } from './models/resolve.ts'
import {
  createCandidate,
  type Endpoint,
  endpointOrder,
  refersToStored,
  type RelayCandidate,
  switchesEndpoint,
} from './relay/endpoint-order.ts'
import type { Relayed } from './relay/read-answer.ts'
import { type OpenAiRequest, relay } from './relay/relay.ts'
import { withFallbackModels } from './resilience/fallback-models.ts'

/** A client's request, in its neutral form and, if there is one, in OpenAI's form. */
export interface Exchange<Request> {
  /** The model name in the client's request. */
  model: string
  /** The form that OCI's OpenAI endpoint may accept; absent for other client APIs. */
  openAi?: OpenAiRequest | undefined
  /**
   * Decodes the request, and returns the same value each time. Called only when the request has to be
   * translated.
   */
  decode(): Request | Promise<Request>
}

/** The answer of OCI's OpenAI endpoint, or the neutral reply to the translated request. */
export type Responded<Reply> =
  | { type: 'relayed'; relayed: Relayed }
  | { type: 'translated'; reply: Reply }

/** Sends a translated request to one model. */
export type Translate<Request, Reply> = (
  request: Request,
  model: ResolvedModel,
  call: CallContext,
) => Promise<Answer<Reply>>

/**
 * Selects the model and the OCI endpoint for a request and returns the answer. Tries the requested
 * model and then the operator's fallbacks, each on its endpoints in order.
 */
export function respond<Request, Reply>(
  exchange: Exchange<Request>,
  translate: Translate<Request, Reply>,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<Responded<Reply>>> {
  const { openAi, model: requested } = exchange
  const traced = { ...call, trace: call.trace ?? createTrace() }
  let isBound = openAi?.path === '/embeddings'

  async function tryModel(name: string, call: CallContext): Promise<Answer<Responded<Reply>>> {
    const resolved = resolveModel(name, oci, call)
    const model = resolved instanceof Promise ? await resolved : resolved
    call.meter?.checkModel(name, model)
    const candidate = openAi && createCandidate(openAi, name, model, oci)
    const order = candidate ? endpointOrder(candidate, oci) : ['translated'] as const
    isBound ||= order[0] === 'relayed' && refersToStored(openAi?.body)
    const own = isBound ? { ...call, isLastModel: true } : call
    return await tryEndpoints(
      order,
      candidate,
      oci,
      own,
      (endpoint) =>
        endpoint === 'relayed' && candidate ? relayed(candidate, oci, own) : translated(model, own),
    )
  }

  async function translated(model: ResolvedModel, call: CallContext) {
    if (call.yieldToEventLoop) await call.yieldToEventLoop()
    const decoded = exchange.decode()
    const request = decoded instanceof Promise ? await decoded : decoded
    const { value, ...answer } = await translate(request, model, call)
    return { ...answer, value: { type: 'translated' as const, reply: value } }
  }

  const send = () => withFallbackModels(requested, oci, traced, tryModel, () => !isBound)
  // Without an OpenAI form the request is always translated, so invalid input is rejected early.
  return openAi ? send() : decodeEarly(exchange).then(send)
}

async function decodeEarly(exchange: Exchange<unknown>): Promise<void> {
  await exchange.decode()
}

type SendTo<Reply> = (endpoint: Endpoint) => Promise<Answer<Responded<Reply>>>

function tryEndpoints<Reply>(
  [first, second]: readonly [Endpoint, ...Endpoint[]],
  candidate: RelayCandidate | undefined,
  oci: OciContext,
  call: CallContext,
  sendTo: SendTo<Reply>,
): Promise<Answer<Responded<Reply>>> {
  const answer = sendTo(first)
  if (!second || !candidate) return answer
  return answer.catch(async (error: unknown) => {
    if (!switchesEndpoint(first, error, candidate, oci, call)) throw error
    return await sendTo(second)
  })
}

async function relayed(
  { request, requested, model, name, profile }: RelayCandidate,
  oci: OciContext,
  call: CallContext,
): Promise<Answer<{ type: 'relayed'; relayed: Relayed }>> {
  const own = { ...request, requested, model, name, profile }
  const { value, ...answer } = await relay(own, oci, call)
  return { ...answer, value: { type: 'relayed', relayed: value } }
}
