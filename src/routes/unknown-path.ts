import { ApiError } from '../errors.ts'
import { segmentsBelowBase } from '../middleware/base-url.ts'
import { ENDPOINTS } from '../openai/endpoints.ts'

/** Paths of the gateway below the base URL, the longer ones first: the first one that matches counts. */
const KNOWN_PATHS = [
  'chat/completions',
  'messages/count_tokens',
  ...['responses', 'completions', 'embeddings', 'moderations', 'rerank', 'messages', 'models'],
  ...ENDPOINTS.flatMap(({ path }) => path.includes(':') ? [] : [path.slice(1)]),
]

/** Paths of the client APIs that OCI does not have, by their first segments, and what they are for. */
export const UNSERVED: ReadonlyMap<string, string> = new Map([
  ['agents', 'agents'],
  ['assistants', 'assistants'],
  ['audio/translations', 'translations of audio'],
  ['audio', 'voices'],
  ['batches', 'batches'],
  ['chat/completions', 'stored chat completions'],
  ['chatkit', 'ChatKit'],
  ['complete', 'text completions of Anthropic (send /v1/messages)'],
  ['content_provenance_checks', 'content provenance checks'],
  ['decisions', 'decisions'],
  ['deployment_runs', 'deployments of agents'],
  ['deployments', 'deployments of agents'],
  ['dreams', 'dreams'],
  ['edits', 'edits'],
  ['engines', 'engines (send /v1/models)'],
  ['environments', 'environments of agents'],
  ['evals', 'evals'],
  ['fine_tuning', 'fine-tuning API of OpenAI'],
  ['fine-tunes', 'fine-tuning API of OpenAI'],
  ['images/variations', 'image variations'],
  ['images', 'other operations on images'],
  ['live', 'live sessions'],
  ['memory_stores', 'memory stores'],
  ['messages/batches', 'message batches'],
  ['organization', 'administration API of OpenAI'],
  ['organizations', 'administration API of Anthropic'],
  ['projects', 'administration API of OpenAI'],
  ['realtime', 'realtime sessions'],
  ['responses', 'other operations on responses'],
  ['safety', 'safety API of OpenAI'],
  ['sessions', 'sessions of agents'],
  ['skills', 'skills'],
  ['threads', 'threads'],
  ['tunnels', 'tunnels'],
  ['uploads', 'uploads'],
  ['user_profiles', 'user profiles'],
  ['vaults', 'vaults'],
  ['videos', 'videos'],
  ['webhook_endpoints', 'webhooks'],
  ['webhook_event_types', 'webhooks'],
])

/** Longest part of a path that a message quotes and that is searched, in UTF-16 units. */
const MAX_PATH_LENGTH = 200

/** The error for a path without a route: what is wrong with it, or why the gateway does not serve it. */
export function unknownPath(path: string): ApiError {
  const shown = path.slice(0, MAX_PATH_LENGTH)
  const unserved = pathHint(path) === '' ? findUnserved(segmentsBelowBase(shown)) : undefined
  const message = unserved !== undefined
    ? `OCI has no ${unserved}: "${shown}" is not available`
    : `No such path: "${shown}"${pathHint(path) || endpointHint(shown)}`
  return new ApiError('not_found', message)
}

/**
 * Returns a sentence about a base URL that makes a path wrong, with the full stop before it; empty
 * for a path that is not known to come from a wrong base URL.
 */
export function pathHint(path: string): string {
  const shown = path.slice(0, MAX_PATH_LENGTH)
  if (shown.includes('//')) {
    return '. It contains "//": remove the slash at the end of the base URL'
  }
  const repeated = repeatedEndpoint(segmentsBelowBase(shown))
  if (repeated !== undefined) {
    return `. The base URL contains "/${repeated}", which clients add themselves: end it with "/v1"`
  }
  return shown.startsWith('/v1/v1/') ? '. The base URL contains "/v1" twice' : ''
}

/** A sentence about the path of an endpoint that is below another base URL. */
function endpointHint(path: string): string {
  const below = `/${segmentsBelowBase(path.toLowerCase()).join('/')}`
  const endpoint = KNOWN_PATHS.find((endpoint) => below.endsWith(`/${endpoint}`))
  return endpoint === undefined ? '' : `. This endpoint is at "/v1/${endpoint}"`
}

/** An endpoint that a path has twice, as when the base URL already has it. */
function repeatedEndpoint(segments: readonly string[]): string | undefined {
  const path = segments.join('/')
  const first = KNOWN_PATHS.find((endpoint) => path.startsWith(`${endpoint}/`))
  if (first === undefined) return undefined
  const rest = path.slice(first.length + 1)
  const isEndpoint = KNOWN_PATHS.some((endpoint) =>
    rest === endpoint || rest.startsWith(`${endpoint}/`)
  )
  return isEndpoint ? first : undefined
}

function findUnserved([first = '', second = '']: readonly string[]): string | undefined {
  return UNSERVED.get(`${first}/${second}`) ?? UNSERVED.get(first)
}
