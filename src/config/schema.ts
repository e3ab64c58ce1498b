import * as v from 'valibot'
import { Access } from './access.ts'
import { Limits } from './limits.ts'
import { Seconds } from './seconds.ts'

const Text = v.pipe(v.string(), v.minLength(1, 'must not be empty'))
const Tokens = v.pipe(
  v.number(),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be 1 or more'),
)
const Share = v.pipe(
  v.number(),
  v.minValue(0, 'must not be negative'),
  v.maxValue(1, 'must be 1 at most'),
)
const Address = v.pipe(
  v.string(),
  v.check(isAddress, 'must be an https:// address (http:// only for loopback)'),
)

const Parameter = v.picklist([
  'temperature',
  'topP',
  'topK',
  'stop',
  'presencePenalty',
  'frequencyPenalty',
  'reasoningEffort',
  'verbosity',
  'prediction',
  'webSearch',
  'parallelToolCalls',
  'logprobs',
  'seed',
  'logitBias',
  'choices',
  'metadata',
  'serviceTier',
  'responseFormat',
  'toolChoice',
  'documents',
])

const Profile = v.strictObject({
  vendor: v.exactOptional(v.string()),
  format: v.exactOptional(
    v.picklist(['GENERIC', 'COHERE', 'COHEREV2', 'CHAT_COMPLETIONS', 'RESPONSES']),
  ),
  tokenField: v.exactOptional(v.picklist(['maxTokens', 'maxCompletionTokens'])),
  outputLimit: v.exactOptional(Tokens),
  dedicatedLimit: v.exactOptional(Tokens),
  outputDefault: v.exactOptional(Tokens),
  contextWindow: v.exactOptional(Tokens),
  refuses: v.exactOptional(v.array(Parameter)),
  developerRole: v.exactOptional(v.boolean()),
  systemRole: v.exactOptional(v.picklist(['system', 'user'])),
  inputs: v.exactOptional(v.array(v.picklist(['text', 'image', 'document', 'audio', 'video']))),
  tools: v.exactOptional(v.boolean()),
  toolsWithFormat: v.exactOptional(v.boolean()),
  reasoning: v.exactOptional(v.boolean()),
  transport: v.exactOptional(v.picklist(['actions', 'openai'])),
  toolCallText: v.exactOptional(v.boolean()),
  severalChoices: v.exactOptional(v.boolean()),
  streams: v.exactOptional(v.boolean()),
  schema: v.exactOptional(v.picklist(['native', 'inlined', 'portable', 'gemini'])),
  pairing: v.exactOptional(v.picklist(['parallel', 'one-to-one'])),
  toolTurnText: v.exactOptional(v.string()),
  jsonObject: v.exactOptional(v.picklist(['JSON_OBJECT', 'JSON_SCHEMA'])),
  jsonSchema: v.exactOptional(v.picklist(['native', 'told'])),
})

const Timeouts = v.partial(v.strictObject({
  answerSeconds: v.pipe(
    Seconds,
    v.description('Until OCI begins to answer; 0 is no limit. Default: 600'),
  ),
  idleSeconds: v.pipe(
    Seconds,
    v.description('Between two pieces of an answer; 0 is no limit. Default: 400'),
  ),
  graceSeconds: v.pipe(
    Seconds,
    v.description('After the end of a stream, for the token counts that may follow. Default: 2'),
  ),
  commitSeconds: v.pipe(
    Seconds,
    v.description(
      'How long a stream may take to begin before the client is told that it has begun. Default: 10',
    ),
  ),
  totalSeconds: v.pipe(
    Seconds,
    v.description('For the whole of an answer; 0 is no limit. Default: 3600'),
  ),
}))

const Retry = v.partial(v.strictObject({
  attempts: v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(1, 'must be 1 or more'),
    v.maxValue(10, 'must be 10 at most'),
    v.description('Calls at most, the first included. Default: 3'),
  ),
  baseSeconds: v.pipe(
    Seconds,
    v.description('The first wait at most; it doubles each time. Default: 0.5'),
  ),
  share: v.pipe(
    Share,
    v.description(
      'The part of the requests of two minutes that may be repeated, so that an outage is not ' +
        'made worse; six always may. Default: 0.1',
    ),
  ),
}))

const Breaker = v.partial(v.strictObject({
  calls: v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(0, 'must not be negative'),
    v.description('Calls in a minute below which nothing is concluded; 0 is never. Default: 10'),
  ),
  share: v.pipe(
    Share,
    v.description('The part of them that failed from which on calls are kept away. Default: 0.5'),
  ),
  restSeconds: v.pipe(
    Seconds,
    v.description('How long calls are kept away. Default: 15'),
  ),
}))

const Whole = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be 1 or more'),
)

const Responses = v.partial(v.strictObject({
  store: v.pipe(
    v.partial(v.strictObject({
      most: v.pipe(Whole, v.description('Responses at most. Default: 1000')),
      megabytes: v.pipe(
        v.number(),
        v.minValue(0.001, 'must be 0.001 or more'),
        v.description('Megabytes of memory at most. Default: 64'),
      ),
      minutes: v.pipe(
        v.number(),
        v.minValue(0.001, 'must be 0.001 or more'),
        v.description('Minutes that a response is kept at most. Default: 60'),
      ),
    })),
    v.description(
      'Keeps responses of /v1/responses in memory, for previous_response_id; {} is enough. ' +
        'Nothing is kept when absent',
    ),
  ),
}))

/** The members of the configuration file. `docs/config.schema.json` is made from this. */
export const ConfigFileSchema = v.partial(v.strictObject({
  $schema: v.pipe(v.string(), v.description('Where this schema is, for editors')),
  host: v.pipe(Text, v.description('The address to listen on. Default: 127.0.0.1')),
  port: v.pipe(
    v.number('must be a number'),
    v.integer('must be a whole number'),
    v.minValue(0, 'must not be negative'),
    v.maxValue(65_535, 'must be 65535 at most'),
    v.description('The port to listen on. Default: 8050'),
  ),
  access: v.pipe(Access, v.description('Who may call the gateway')),
  limits: v.pipe(Limits, v.description('What one request may contain, and how much runs at once')),
  aliases: v.pipe(
    v.record(v.string(), v.string(), 'must be a JSON object of texts'),
    v.description("Clients' names of models, or patterns that end in *, to OCI's names"),
  ),
  fallbacks: v.pipe(
    v.record(v.string(), v.array(Text)),
    v.description('The models to ask, in turn, where one fails: by its name or by pattern'),
  ),
  profiles: v.pipe(
    v.record(v.string(), Profile),
    v.description('What is special about models, by name or by pattern that ends in *'),
  ),
  regions: v.pipe(v.array(Text), v.description('Regions, in the order they are tried')),
  compartmentId: v.pipe(
    v.string(),
    v.regex(/^ocid1\.[\w.-]+$/, 'must be an OCID'),
    v.description("The compartment's OCID. Default: the tenancy"),
  ),
  project: v.pipe(
    v.string(),
    v.regex(/^ocid1\.[\w.-]+$/, 'must be an OCID'),
    v.description("The project of OCI's OpenAI endpoint"),
  ),
  inferenceEndpoint: v.pipe(
    Address,
    v.description("Base URL of the inference service. Default: the region's"),
  ),
  controlEndpoint: v.pipe(
    Address,
    v.description("Base URL of the control plane, for lists of models. Default: the region's"),
  ),
  heartbeatSeconds: v.pipe(
    Seconds,
    v.description('Silence before a stream says that it lives; 0 is never. Default: 10'),
  ),
  timeouts: v.pipe(Timeouts, v.description('Limits of waiting')),
  retry: v.pipe(Retry, v.description('How calls to OCI that fail in passing are repeated')),
  breaker: v.pipe(
    Breaker,
    v.description('When calls are kept away from a model of a region that fails again and again'),
  ),
  responses: v.pipe(Responses, v.description('What concerns /v1/responses')),
  logLevel: v.pipe(
    v.picklist(['debug', 'info', 'warn', 'error', 'silent']),
    v.description('Default: info'),
  ),
}))
export type ConfigFile = v.InferOutput<typeof ConfigFileSchema>

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  const isLocal = hostname === 'localhost' || hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isLocal)
}
