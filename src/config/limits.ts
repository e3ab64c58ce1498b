import * as v from 'valibot'
import { Seconds } from './seconds.ts'

const Count = v.pipe(
  v.number(),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be 1 or more'),
)
const Mebibytes = v.pipe(v.number(), v.minValue(0.001, 'must be 0.001 or more'))

/** The key `limits`: limits of requests, concurrency and memory. */
export const Limits = v.partial(v.strictObject({
  maxConcurrentRequests: v.pipe(
    Count,
    v.description('Maximum concurrent requests; further ones receive 503. Default: 1024'),
  ),
  maxConcurrentRequestsPerClient: v.pipe(
    Count,
    v.description(
      'Maximum concurrent requests of one API key, or of one address without keys; further ones ' +
        'receive 503. Default: half of maxConcurrentRequests',
    ),
  ),
  maxBodyMiB: v.pipe(
    Mebibytes,
    v.description('Maximum size of a request body in MiB; a larger one receives 413. Default: 32'),
  ),
  maxBodyMiBInFlight: v.pipe(
    Mebibytes,
    v.description(
      'Maximum size of all request bodies in memory in MiB; one client may use half. Further ' +
        'requests receive 503. Default: 256',
    ),
  ),
  maxUploadMiB: v.pipe(
    Mebibytes,
    v.description(
      'Maximum size of an uploaded file in MiB; a larger one receives 413. On Workers, signed uploads ' +
        'are limited by maxBodyMiB. Default: 512',
    ),
  ),
  maxUploadMiBInFlight: v.pipe(
    Mebibytes,
    v.description(
      'Maximum size of all uploads in temporary files in MiB; one client may use half. Further ' +
        'requests receive 503. Default: 2048',
    ),
  ),
  bodyTimeoutSeconds: v.pipe(
    Seconds,
    v.description(
      'Seconds to receive a request body, for an upload the seconds without data, after which the ' +
        'client receives 408; 0 is unlimited. Default: 60',
    ),
  ),
  shutdownGraceSeconds: v.pipe(
    Seconds,
    v.description(
      'Seconds for running requests to finish after SIGTERM or SIGINT. Default: 30',
    ),
  ),
  failedAuthPerMinute: v.pipe(
    Count,
    v.description(
      'Maximum invalid API keys per minute from one address; further ones receive 429. Default: 20',
    ),
  ),
  maxJsonValues: v.pipe(
    Count,
    v.description('Maximum JSON values in a request body; more receive 400. Default: 250000'),
  ),
  maxMessages: v.pipe(
    Count,
    v.description('Maximum messages or input items in a request; more receive 400. Default: 10000'),
  ),
  maxContentParts: v.pipe(
    Count,
    v.description('Maximum content parts of all messages; more receive 400. Default: 20000'),
  ),
  maxTools: v.pipe(
    Count,
    v.description('Maximum tools in a request; more receive 400. Default: 1024'),
  ),
  maxValuesPerSchema: v.pipe(
    Count,
    v.description(
      'Maximum JSON values in the schema of one tool or of the response format; more receive 400. ' +
        'Default: 25000',
    ),
  ),
  maxSchemaValues: v.pipe(
    Count,
    v.description(
      'Maximum JSON values in all schemas of a request, with $ref resolved; more receive 400. ' +
        'Default: 100000',
    ),
  ),
  maxInputs: v.pipe(
    Count,
    v.description(
      'Maximum texts to embed or moderate, documents to rerank or prompts to complete; more ' +
        'receive 400. Default: 10000',
    ),
  ),
  maxItemReferences: v.pipe(
    Count,
    v.description(
      'Maximum references to stored items in a request; more receive 400. Default: 1000',
    ),
  ),
  maxUpstreamCalls: v.pipe(
    Count,
    v.description(
      'Maximum calls to OCI for one request; a request that needs more receives 400. Default: 32',
    ),
  ),
}))
