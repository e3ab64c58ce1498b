import { errorBodyOf } from './error.ts'
import type { ModelProfile } from './models.ts'

/** The two ways to OCI's chat models: its own actions, or its endpoint that speaks OpenAI. */
export type Transport = 'actions' | 'openai'

/** What refusals taught of the way a model takes. */
export interface TransportBook {
  /** The way to go: what was learnt, else what the profile says. */
  choose(model: string, profile: ModelProfile): Transport
  /** The way to go instead, when a failure says that this one is wrong; it is remembered. */
  fallOver(model: string, failed: Transport, error: unknown): Transport | undefined
}

/** How many models are remembered; the ones longest unused go first. */
const MOST_MODELS = 1_000

/** OCI's words for a model that does not take the OpenAI endpoint. */
const NOT_OPENAI = /unsupported openai operation|multi agent requests are not allowed/i
/** And for what only the OpenAI endpoint takes. */
const ONLY_OPENAI = /content blocks are expected to be either text or image_url/i

/** Makes an empty book. A bearer key `onlyOpenAi`: the actions take no other than signed requests. */
export function createTransportBook({ onlyOpenAi }: { onlyOpenAi: boolean }): TransportBook {
  const learnt = new Map<string, Transport>()
  return {
    choose(model, profile) {
      return onlyOpenAi ? 'openai' : learnt.get(model) ?? profile.transport
    },
    fallOver(model, failed, error) {
      if (onlyOpenAi || learnt.has(model) || !isWrongWay(failed, error)) return undefined
      const other = failed === 'openai' ? 'actions' : 'openai'
      learnt.set(model, other)
      for (const oldest of learnt.keys()) {
        if (learnt.size <= MOST_MODELS) break
        learnt.delete(oldest)
      }
      return other
    },
  }
}

/** A 404 of the OpenAI endpoint may only mean that it does not serve the model. */
function isWrongWay(failed: Transport, error: unknown): boolean {
  const body = errorBodyOf(error)
  if (!body) return false
  if (failed === 'actions') return body.status === 400 && ONLY_OPENAI.test(body.message)
  return body.status === 404 || (body.status === 400 && NOT_OPENAI.test(body.message))
}
