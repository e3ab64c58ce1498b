import * as v from 'valibot'
import { isLoopback } from '../loopback.ts'
import { AUTH_KINDS } from '../oci/auth/kind.ts'
import { Access } from './access.ts'
import { Budgets } from './budgets.ts'
import { Limits } from './limits.ts'
import { Models } from './models.ts'
import { RateLimitQueue } from './rate-limit-queue.ts'
import { Seconds } from './seconds.ts'
import { COUNTERS_LOCATION, parseReference, STORE_LOCATION } from './secrets.ts'
import { Telemetry } from './telemetry.ts'

const Text = v.pipe(v.string(), v.minLength(1, 'must not be empty'))
const Ratio = v.pipe(
  v.number(),
  v.minValue(0, 'must not be negative'),
  v.maxValue(1, 'must be at most 1'),
)
const Address = v.pipe(
  v.string(),
  v.check(isAddress, 'must be an https:// URL (http:// only for loopback)'),
)

const Timeouts = v.partial(v.strictObject({
  responseSeconds: v.pipe(
    Seconds,
    v.description('Seconds to wait for response headers from OCI; 0 waits forever. Default: 600'),
  ),
  idleSeconds: v.pipe(
    Seconds,
    v.description('Seconds to wait for the next data of a response; 0 waits forever. Default: 400'),
  ),
  usageGraceSeconds: v.pipe(
    Seconds,
    v.description('Seconds to wait for token usage after the end of a stream. Default: 2'),
  ),
  streamStartSeconds: v.pipe(
    Seconds,
    v.description(
      'Seconds to wait for the first event of OCI before the stream to the client starts; later ' +
        'errors are sent as events and not retried. Default: 10',
    ),
  ),
  totalSeconds: v.pipe(
    Seconds,
    v.description('Seconds for one complete response; 0 is unlimited. Default: 3600'),
  ),
}))

const Retry = v.partial(v.strictObject({
  maxAttempts: v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be 1 or more'),
    v.maxValue(10, 'must be at most 10'),
    v.description(
      'Maximum calls for one request, including the first and those to other regions and ' +
        'models. Default: 3',
    ),
  ),
  initialDelaySeconds: v.pipe(
    Seconds,
    v.description(
      'Maximum delay before the first retry, in seconds; it doubles with each retry. Default: 0.5',
    ),
  ),
  budgetRatio: v.pipe(
    Ratio,
    v.description(
      'Retry budget as a ratio of the requests of the last two minutes; at least six retries are ' +
        'allowed. Default: 0.1',
    ),
  ),
}))

const CircuitBreaker = v.partial(v.strictObject({
  minimumRequests: v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(0, 'must not be negative'),
    v.description(
      'Minimum calls per minute before the circuit can open; 0 disables the circuit breaker. ' +
        'Default: 10',
    ),
  ),
  failureRatio: v.pipe(
    Ratio,
    v.description('Failure ratio that opens the circuit. Default: 0.5'),
  ),
  openSeconds: v.pipe(
    Seconds,
    v.description(
      'Seconds the circuit stays open, plus up to a fifth at random. Default: 15',
    ),
  ),
}))

const Responses = v.partial(v.strictObject({
  store: v.pipe(
    v.partial(v.strictObject({
      maxItems: v.pipe(
        v.number(),
        v.integer('must be a whole number'),
        v.minValue(0, 'must not be negative'),
        v.description('Maximum number of stored responses; 0 stores none. Default: 1000'),
      ),
      maxMegabytes: v.pipe(
        v.number(),
        v.minValue(0.001, 'must be 0.001 or more'),
        v.description('Maximum size of all stored responses, in MiB. Default: 32'),
      ),
      ttlMinutes: v.pipe(
        v.number(),
        v.minValue(0.001, 'must be 0.001 or more'),
        v.description('Minutes until a stored response expires. Default: 60'),
      ),
      shared: v.pipe(
        v.boolean(),
        v.description(
          'Whether responses, with their prompts, are in the store of GATEWAY_STORE, where all ' +
            'processes find them. false keeps them in memory, as without a store. Default: true',
        ),
      ),
    })),
    v.description(
      'Responses that are stored, for previous_response_id and references to their items: in the ' +
        'store of GATEWAY_STORE, else in memory',
    ),
  ),
}))

const Credential = v.partial(v.strictObject({
  auth: v.pipe(
    v.picklist(AUTH_KINDS),
    v.description('Kind of credential, as OCI_AUTH names it. Default: determined by the profile'),
  ),
  profile: v.pipe(Text, v.description('Profile of the OCI configuration file. Default: DEFAULT')),
  configFile: v.pipe(Text, v.description('OCI configuration file. Default: ~/.oci/config')),
}))

/** The keys of the configuration file. `npm run schema` writes `docs/config.schema.json` from it. */
export const ConfigFileSchema = v.partial(v.strictObject({
  $schema: v.pipe(v.string(), v.description('Path or URL of this schema, for editors')),
  host: v.pipe(Text, v.description('Address to listen on. Default: 127.0.0.1')),
  port: v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(65_535, 'must be at most 65535'),
    v.description('Port to listen on; 0 selects a free one. Default: 8050'),
  ),
  access: v.pipe(Access, v.description('Who may call the gateway')),
  store: v.pipe(
    v.string(),
    v.check((text) => isLocation(text, STORE_LOCATION), STORE_LOCATION.problem),
    v.description(
      'Store of keys, budgets and usage: sqlite:./gateway.db, postgres://user@host/database, or ' +
        'memory: for tests; also a reference. Without one, all API keys are equal and unlimited. ' +
        'Default: none',
    ),
  ),
  counters: v.pipe(
    v.string(),
    v.check((text) => isLocation(text, COUNTERS_LOCATION), COUNTERS_LOCATION.problem),
    v.description(
      'Redis server that counts rates and budgets of a gateway with several processes: ' +
        'redis://host:6379; also a reference. Default: none, the store counts',
    ),
  ),
  budgets: v.pipe(Budgets, v.description('How the budgets of stored keys and teams work')),
  limits: v.pipe(Limits, v.description('Limits of requests, concurrency and memory')),
  aliases: v.pipe(
    v.record(v.string(), v.string(), 'must be a JSON object of strings'),
    v.description(
      'OCI model names by alias, or by a pattern that ends in *; take precedence over the built-in ' +
        'aliases gpt-4o-mini (a model of limited access) and text-embedding-3-small (a model that ' +
        'is retired on demand)',
    ),
  ),
  fallbacks: v.pipe(
    v.record(v.string(), v.array(Text)),
    v.description(
      'Models to try in order when a model fails, by its name or by a pattern that ends in *. ' +
        'Default: none',
    ),
  ),
  models: v.pipe(
    Models,
    v.description(
      'Overrides of what the gateway knows about models, by name or by a pattern that ends in *',
    ),
  ),
  regions: v.pipe(
    v.array(Text),
    v.description("OCI regions in the order they are tried. Default: the credential's region"),
  ),
  credential: v.pipe(Credential, v.description('Selects the OCI credential')),
  compartmentId: v.pipe(
    v.string(),
    v.regex(/^ocid1\.[\w.-]+$/, 'must be an OCID'),
    v.description('OCID of the compartment. Default: the tenancy'),
  ),
  project: v.pipe(
    v.string(),
    v.regex(/^ocid1\.[\w.-]+$/, 'must be an OCID'),
    v.description("OCID of the project for OCI's OpenAI-compatible endpoint. Default: none"),
  ),
  inferenceEndpoint: v.pipe(
    Address,
    v.description("Base URL of OCI's inference service. Default: derived from the region"),
  ),
  controlEndpoint: v.pipe(
    Address,
    v.description(
      "Base URL of OCI's control plane, which lists models. Default: derived from the region",
    ),
  ),
  capabilities: v.pipe(
    Text,
    v.description(
      'The file that "oci-gateway probe" has written about your tenancy, or its text. Default: ' +
        'capabilities.json beside the configuration file, if it is there',
    ),
  ),
  heartbeatSeconds: v.pipe(
    Seconds,
    v.description(
      'Idle seconds before a stream sends a heartbeat; 0 disables it. Default: 10',
    ),
  ),
  timeouts: v.pipe(Timeouts, v.description('Timeouts of calls to OCI')),
  retry: v.pipe(Retry, v.description('Retries of calls to OCI after transient failures')),
  circuitBreaker: v.pipe(
    CircuitBreaker,
    v.description('Circuit breaker that pauses calls to a failing model in a region'),
  ),
  rateLimitQueue: v.pipe(
    RateLimitQueue,
    v.description('Queue in which the requests of different clients take turns after a 429 of OCI'),
  ),
  responses: v.pipe(Responses, v.description('Options of /v1/responses')),
  telemetry: v.pipe(Telemetry, v.description('Where metrics and traces are sent')),
  console: v.pipe(
    v.boolean('must be true or false'),
    v.description('Whether the gateway serves its console at / to browsers. Default: true'),
  ),
  logLevel: v.pipe(
    v.picklist(['debug', 'info', 'warn', 'error', 'silent']),
    v.description('Lowest level that is logged. Default: info'),
  ),
  logFormat: v.pipe(
    v.picklist(['json', 'text']),
    v.description(
      'How the log is written: one line of JSON or of text for a person. Default: text on a ' +
        'terminal, else json',
    ),
  ),
}))
export type ConfigFile = v.InferOutput<typeof ConfigFileSchema>

function isLocation(text: string, { pattern }: typeof STORE_LOCATION): boolean {
  return parseReference(text) !== undefined || pattern.test(text)
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
}
