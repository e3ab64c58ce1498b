import type { Answer } from '../answer.ts'
import type { CallContext, OciContext } from '../context.ts'
import { knowModel } from '../known-model.ts'
import { createTransportBook } from '../transports.ts'
import { relay, type Relayed, type RelayRequest } from './relay.ts'

/** A request that OCI's own OpenAI endpoint would understand as it is. */
export type OpenAiRequest = Omit<RelayRequest, 'model'> & {
  /** There is no other way for it. */
  only?: boolean
}

/**
 * Passes a request on in the words of OpenAI, if that is the way its model goes; after a `failure`
 * of OCI's actions, if that says that the other way is the right one. Else it answers nothing.
 */
export type RelayIfWanted = (
  request: OpenAiRequest,
  call: CallContext,
  failure?: unknown,
) => Promise<Answer<Relayed> | undefined>

/** Makes the relayer, which remembers the way of each model. */
export function createRelayer(oci: OciContext): RelayIfWanted {
  const transports = createTransportBook({ onlyOpenAi: oci.scheme === 'bearer' })
  return async function relayIfWanted(request, call, failure) {
    const { model, profile } = await knowModel(request.asked, oci, call)
    if (request.only) return await relay({ ...request, model }, oci, call)
    const way = failure === undefined
      ? transports.choose(model, profile)
      : transports.fallOver(model, 'actions', failure)
    if (way !== 'openai') return undefined
    try {
      return await relay({ ...request, model }, oci, call)
    } catch (error) {
      if (transports.fallOver(model, 'openai', error) === undefined) throw error
      oci.platform.log({ level: 'info', event: 'transport_changed', model, transport: 'actions' })
      return undefined
    }
  }
}
