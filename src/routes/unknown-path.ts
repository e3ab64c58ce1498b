import { ApiError } from '../errors.ts'

/** The endpoints of the gateway, below the base URL. The longest one that matches counts. */
const ENDPOINTS = [
  'chat/completions',
  'messages/count_tokens',
  ...['responses', 'completions', 'embeddings', 'moderations', 'rerank', 'messages', 'models'],
]

/** What a path of OpenAI, Anthropic or Cohere is for, and whether OCI serves it itself. */
interface Unserved {
  name: string
  isAtOci?: true
}

/** Paths of the client APIs that the gateway does not serve, by their first segments. */
const UNSERVED = new Map<string, Unserved>([
  ['agents', { name: 'agents' }],
  ['assistants', { name: 'assistants' }],
  ['audio/speech', { name: 'speech', isAtOci: true }],
  ['audio/transcriptions', { name: 'transcriptions', isAtOci: true }],
  ['audio/translations', { name: 'translations of audio' }],
  ['audio', { name: 'voices' }],
  ['batches', { name: 'batches' }],
  ['chat/completions', { name: 'stored chat completions' }],
  ['chatkit', { name: 'ChatKit' }],
  ['complete', { name: 'text completions of Anthropic (send /v1/messages)' }],
  ['containers', { name: 'containers', isAtOci: true }],
  ['content_provenance_checks', { name: 'content provenance checks' }],
  ['conversations', { name: 'conversations', isAtOci: true }],
  ['decisions', { name: 'decisions' }],
  ['deployment_runs', { name: 'deployments of agents' }],
  ['deployments', { name: 'deployments of agents' }],
  ['dreams', { name: 'dreams' }],
  ['edits', { name: 'edits' }],
  ['engines', { name: 'engines (send /v1/models)' }],
  ['environments', { name: 'environments of agents' }],
  ['evals', { name: 'evals' }],
  ['files', { name: 'files', isAtOci: true }],
  ['fine_tuning', { name: 'fine-tuning API of OpenAI' }],
  ['fine-tunes', { name: 'fine-tuning API of OpenAI' }],
  ['images/edits', { name: 'image edits', isAtOci: true }],
  ['images/generations', { name: 'image generations', isAtOci: true }],
  ['images/variations', { name: 'image variations' }],
  ['images', { name: 'other operations on images' }],
  ['live', { name: 'live sessions' }],
  ['memory_stores', { name: 'memory stores' }],
  ['messages/batches', { name: 'message batches' }],
  ['organization', { name: 'administration API of OpenAI' }],
  ['organizations', { name: 'administration API of Anthropic' }],
  ['projects', { name: 'administration API of OpenAI' }],
  ['realtime', { name: 'realtime sessions' }],
  ['responses', { name: 'other operations on responses', isAtOci: true }],
  ['safety', { name: 'safety API of OpenAI' }],
  ['sessions', { name: 'sessions of agents' }],
  ['skills', { name: 'skills' }],
  ['threads', { name: 'threads' }],
  ['tunnels', { name: 'tunnels' }],
  ['uploads', { name: 'uploads' }],
  ['user_profiles', { name: 'user profiles' }],
  ['vaults', { name: 'vaults' }],
  ['vector_stores', { name: 'vector stores', isAtOci: true }],
  ['videos', { name: 'videos' }],
  ['webhook_endpoints', { name: 'webhooks' }],
  ['webhook_event_types', { name: 'webhooks' }],
])

/** Longest part of a path that a message quotes and that is searched, in UTF-16 units. */
const MAX_PATH_LENGTH = 200

/** The error for a path without a route: what is wrong with it, or why the gateway does not serve it. */
export function unknownPath(path: string): ApiError {
  const shown = path.slice(0, MAX_PATH_LENGTH)
  const unserved = pathHint(path) === '' ? findUnserved(segmentsOf(shown)) : undefined
  const message = unserved
    ? `${explain(unserved)}: "${shown}" is not available`
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
  const repeated = repeatedEndpoint(segmentsOf(shown))
  if (repeated !== undefined) {
    return `. The base URL contains "/${repeated}", which clients add themselves: end it with "/v1"`
  }
  return shown.startsWith('/v1/v1/') ? '. The base URL contains "/v1" twice' : ''
}

/** A sentence about the path of an endpoint that is below another base URL. */
function endpointHint(path: string): string {
  const below = `/${segmentsOf(path.toLowerCase()).join('/')}`
  const endpoint = ENDPOINTS.find((endpoint) => below.endsWith(`/${endpoint}`))
  return endpoint === undefined ? '' : `. This endpoint is at "/v1/${endpoint}"`
}

/** The segments after the prefixes that a base URL may have. */
function segmentsOf(path: string): string[] {
  const rest = path.replace(/^\/openai\/deployments\/[^/]*(?=\/)/, '').replace(
    /^\/openai(?=\/)/,
    '',
  )
  return rest.split('/').filter((segment) => segment !== '' && !/^v[12]$/.test(segment))
}

/** An endpoint that a path has twice, as when the base URL already has it. */
function repeatedEndpoint(segments: readonly string[]): string | undefined {
  const path = segments.join('/')
  const first = ENDPOINTS.find((endpoint) => path.startsWith(`${endpoint}/`))
  if (first === undefined) return undefined
  const rest = path.slice(first.length + 1)
  const isEndpoint = ENDPOINTS.some((endpoint) =>
    rest === endpoint || rest.startsWith(`${endpoint}/`)
  )
  return isEndpoint ? first : undefined
}

function findUnserved([first = '', second = '']: readonly string[]): Unserved | undefined {
  return UNSERVED.get(`${first}/${second}`) ?? UNSERVED.get(first)
}

function explain({ name, isAtOci }: Unserved): string {
  return isAtOci
    ? `The gateway does not serve ${name}; call OCI's OpenAI-compatible endpoint for them`
    : `OCI has no ${name}`
}
