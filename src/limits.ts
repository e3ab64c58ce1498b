import { ApiError } from './errors.ts'

/** Longest name of a model, alias or OCID that a client may send, in UTF-16 units. */
export const MAX_MODEL_NAME_LENGTH = 256

/** The message for a longer name, after `"model"`. The schemas of all client APIs use it. */
export const MODEL_NAME_TOO_LONG = `must be at most ${MAX_MODEL_NAME_LENGTH} characters`

/** Throws an `invalid_request` for a longer name. For names in a path; schemas check bodies. */
export function checkModelName(name: string): void {
  if (name.length <= MAX_MODEL_NAME_LENGTH) return
  throw new ApiError('invalid_request', `"model" ${MODEL_NAME_TOO_LONG}`, {
    param: 'model',
    reason: 'limit',
  })
}

/** Deepest nesting of objects and arrays in a request body. */
export const MAX_JSON_DEPTH = 128

/** Maximum tool calls of one message. Models make at most some dozens at once. */
export const MAX_CALLS_PER_MESSAGE = 1_024

/**
 * Maximum length of the arguments of all tool calls of one message together, in UTF-16 units. No model
 * writes as much in one answer.
 */
export const MAX_ARGUMENTS_LENGTH = 2 * 1024 * 1024

/** Limits on the contents of one request. A request over any of them receives 400. */
export interface RequestLimits {
  /** Objects, arrays, strings, numbers, booleans and nulls in a request body. */
  maxJsonValues: number
  /** Messages of a conversation; items of a Responses input, including stored ones. */
  maxMessages: number
  /** Content parts of all messages together. */
  maxContentParts: number
  /** Tools, including those in namespaces. */
  maxTools: number
  /** JSON values of the schema of one tool or of the response format, as received. */
  maxValuesPerSchema: number
  /** JSON values of all schemas of a request together, with `$ref` resolved. */
  maxSchemaValues: number
  /** Texts to embed or moderate, documents to rerank, prompts to complete. */
  maxInputs: number
  /** Items of a Responses input that refer to a stored item. */
  maxItemReferences: number
  /** Calls to OCI for one request: batches of embeddings, moderated texts, choices, prompts. */
  maxUpstreamCalls: number
}

export const DEFAULT_REQUEST_LIMITS: RequestLimits = {
  maxJsonValues: 250_000,
  maxMessages: 10_000,
  maxContentParts: 20_000,
  maxTools: 1_024,
  maxValuesPerSchema: 25_000,
  maxSchemaValues: 100_000,
  maxInputs: 10_000,
  maxItemReferences: 1_000,
  maxUpstreamCalls: 32,
}

/** Limits on all requests together. Times are in milliseconds. */
export interface ServerLimits {
  /** Concurrent requests; further ones receive 503. */
  maxConcurrentRequests: number
  /** Concurrent requests of one key, or of one address on a gateway without keys. */
  maxConcurrentRequestsPerClient: number
  /** Bytes of one request body; a larger one receives 413. */
  maxBodyBytes: number
  /** Bytes of all request bodies in memory; further requests receive 503. */
  maxBodyBytesInFlight: number
  /** Bytes of an uploaded file; a larger one receives 413. */
  maxUploadBytes: number
  /** Bytes of all uploads in temporary files; further ones receive 503. */
  maxUploadBytesInFlight: number
  /** Time to receive a request body; 0 is unlimited. A slower one receives 408. */
  bodyTimeout: number
  /** Time for running requests to finish after SIGTERM or SIGINT. */
  shutdownGrace: number
  /** Invalid keys per minute from one address; further ones receive 429. */
  failedAuthPerMinute: number
}

export const DEFAULT_SERVER_LIMITS: ServerLimits = {
  maxConcurrentRequests: 1_024,
  maxConcurrentRequestsPerClient: 512,
  maxBodyBytes: 32 * 1024 * 1024,
  maxBodyBytesInFlight: 256 * 1024 * 1024,
  maxUploadBytes: 512 * 1024 * 1024,
  maxUploadBytesInFlight: 2 * 1024 * 1024 * 1024,
  bodyTimeout: 60_000,
  shutdownGrace: 30_000,
  failedAuthPerMinute: 20,
}

/** Limits of the responses that the gateway stores. */
export interface StoreLimits {
  maxItems: number
  /** Size of all responses together. */
  maxBytes: number
  /** Milliseconds until a response expires. */
  ttl: number
  /** Whether they are in the store of keys, if there is one. Default: in this process. */
  isShared?: boolean
}

/** Every limit that an operator can set, as `limits` in the configuration. */
export interface Limits extends ServerLimits {
  request: RequestLimits
}

export const DEFAULT_LIMITS: Limits = {
  ...DEFAULT_SERVER_LIMITS,
  request: DEFAULT_REQUEST_LIMITS,
}

/**
 * Throws an `invalid_request` when `count` exceeds `limit`.
 * @param param the field of the request, such as `tools`
 * @param unit what is counted, in the plural: `tools`
 * @param setting the configuration key that raises the limit, such as `limits.maxTools`
 */
export function checkCount(
  count: number,
  limit: number,
  { param, unit, setting }: { param: string | undefined; unit: string; setting: string },
): void {
  if (count <= limit) return
  throw new ApiError(
    'invalid_request',
    `Too many ${unit}: ${count}, at most ${limit} are allowed (${setting})`,
    { param, reason: 'limit' },
  )
}

/**
 * Throws an `invalid_request` when a request needs more calls to OCI than `limits` allow. Call it
 * before the first call.
 * @param param the field that requires the calls, such as `input`
 */
export function checkUpstreamCalls(
  calls: number,
  param: string,
  { maxUpstreamCalls: limit }: Pick<RequestLimits, 'maxUpstreamCalls'> = DEFAULT_REQUEST_LIMITS,
): void {
  if (calls <= limit) return
  throw new ApiError(
    'invalid_request',
    `"${param}" needs ${calls} calls to OCI, at most ${limit} are allowed for one request ` +
      '(limits.maxUpstreamCalls). Send it in several requests',
    { param, reason: 'limit' },
  )
}
