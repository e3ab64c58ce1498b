import * as v from 'valibot'
import { Seconds } from './seconds.ts'

const Count = v.pipe(
  v.number(),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be 1 or more'),
)
const Mebibytes = v.pipe(v.number(), v.minValue(0.001, 'must be 0.001 or more'))

/** The member `limits`: what one request may contain, and how much runs at once. */
export const Limits = v.partial(v.strictObject({
  maxConcurrentRequests: v.pipe(
    Count,
    v.description('Requests in progress at once; further ones get a 503. Default: 1024'),
  ),
  maxConcurrentRequestsPerClient: v.pipe(
    Count,
    v.description(
      'Requests in progress at once of one key, or of one address without keys; further ones get ' +
        'a 503. Default: half of maxConcurrentRequests',
    ),
  ),
  maxBodyMiB: v.pipe(
    Mebibytes,
    v.description('Size of a request body; a larger one gets a 413. Default: 20'),
  ),
  maxBodyMiBInFlight: v.pipe(
    Mebibytes,
    v.description(
      'Size of all request bodies in progress, of which one client may use half; further ones ' +
        'get a 503. Default: 256',
    ),
  ),
  bodyTimeoutSeconds: v.pipe(
    Seconds,
    v.description(
      'Time to receive a request body; 0 is no limit. A slower one gets a 408. Default: 60',
    ),
  ),
  shutdownGraceSeconds: v.pipe(
    Seconds,
    v.description(
      'Time for running requests to finish after SIGTERM or SIGINT. Default: 30',
    ),
  ),
  failedAuthPerMinute: v.pipe(
    Count,
    v.description('Invalid keys from one address in a minute; further ones get a 429. Default: 20'),
  ),
  maxJsonValues: v.pipe(
    Count,
    v.description('JSON values in a request body; more are a 400. Default: 250000'),
  ),
  maxMessages: v.pipe(
    Count,
    v.description('Messages or input items of a request; more are a 400. Default: 10000'),
  ),
  maxContentParts: v.pipe(
    Count,
    v.description('Content parts of all messages together; more are a 400. Default: 20000'),
  ),
  maxTools: v.pipe(Count, v.description('Tools of a request; more are a 400. Default: 1024')),
  maxSchemaValues: v.pipe(
    Count,
    v.description(
      'JSON values in all schemas of a request, with $ref resolved; more are a 400. Default: 100000',
    ),
  ),
  maxInputs: v.pipe(
    Count,
    v.description(
      'Texts to embed or moderate, documents to rerank, prompts to complete; more are a 400. ' +
        'Default: 10000',
    ),
  ),
  maxItemReferences: v.pipe(
    Count,
    v.description('References to stored items in one request; more are a 400. Default: 1000'),
  ),
  maxUpstreamCalls: v.pipe(
    Count,
    v.description('Calls to OCI for one request; one that needs more is a 400. Default: 32'),
  ),
}))
