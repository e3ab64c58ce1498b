import type { ErrorBody } from '../http/error-body.ts'
import { asList, asObject } from '../json.ts'
import type { ModelProfile } from '../models/profiles.ts'
import type { OpenAiRequest } from './relay.ts'

/** Tools that OCI runs itself, on its Responses endpoint only. */
const HOSTED_TOOLS: ReadonlySet<unknown> = new Set([
  ...['file_search', 'code_interpreter', 'mcp', 'x_search'],
])

/** Vendors whose models OCI's OpenAI endpoint does not serve with these features. */
const WITHOUT_FEATURES = ['meta', 'cohere']

/**
 * Whether a request uses what only OCI's OpenAI endpoint has: hosted tools and file ids in Responses,
 * a web search in chat completions.
 */
export function usesHostedFeatures({ path, body }: OpenAiRequest): boolean {
  switch (path) {
    case '/responses':
      return asList(body['tools']).some((tool) => HOSTED_TOOLS.has(typeOf(tool))) ||
        hasNewFileId(asList(body['input']))
    case '/chat/completions':
      return typeof (body['web_search_options'] ?? undefined) === 'object'
    case '/embeddings':
      return false
  }
}

/** Whether OCI's OpenAI endpoint may serve a model with these features. */
export function hasHostedFeatures({ vendor }: Pick<ModelProfile, 'vendor'>): boolean {
  return !WITHOUT_FEATURES.includes(vendor)
}

/** Texts about a feature, as opposed to the values in its definition. */
const REJECTED =
  /\b(?:un|not (?:be )?)(?:supported|available|enabled|allowed|recogni[sz]ed|known)\b|\bdoes not support\b|\binvalid value\b/i

/**
 * Whether OCI does not serve the feature for this model. The request is then translated, which leaves
 * it out with a warning. A file id has no translation.
 */
export function rejectsFeature({ status, message, param }: ErrorBody): boolean {
  const isOfFeature = param
    ? /^(?:tools(?:\[\d+\])?(?:\.type)?|web_search_options)$/.test(param)
    : /\btools?\b|\bweb_?search/i.test(message)
  return status === 400 && isOfFeature && REJECTED.test(message)
}

/** Earlier file ids are replaced by notes in a translated request, the newest ones are an error. */
function hasNewFileId(input: readonly unknown[]): boolean {
  const newest = input.findLast((item) => {
    const { role } = asObject(item) as { role?: unknown }
    return role !== 'system' && role !== 'developer'
  })
  const { role, content } = asObject(newest) as { role?: unknown; content?: unknown }
  return role === 'user' && asList(content).some((part) => {
    const { file_id: id } = asObject(part) as { file_id?: unknown }
    return typeof id === 'string' && id !== ''
  })
}

function typeOf(tool: unknown): unknown {
  return (asObject(tool) as { type?: unknown }).type
}
