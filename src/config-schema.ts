import * as v from 'valibot'

const Seconds = v.pipe(v.number(), v.minValue(0, 'must not be negative'))
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
])

const Profile = v.strictObject({
  vendor: v.exactOptional(v.string()),
  format: v.exactOptional(v.picklist(['GENERIC', 'COHERE', 'COHEREV2'])),
  tokenField: v.exactOptional(v.picklist(['maxTokens', 'maxCompletionTokens'])),
  outputLimit: v.exactOptional(v.number()),
  outputDefault: v.exactOptional(v.number()),
  contextWindow: v.exactOptional(v.number()),
  refuses: v.exactOptional(v.array(Parameter)),
  developerRole: v.exactOptional(v.boolean()),
  systemRole: v.exactOptional(v.picklist(['system', 'user'])),
  inputs: v.exactOptional(v.array(v.picklist(['text', 'image', 'document', 'audio', 'video']))),
  tools: v.exactOptional(v.boolean()),
  toolsWithFormat: v.exactOptional(v.boolean()),
  reasoning: v.exactOptional(v.boolean()),
  streams: v.exactOptional(v.boolean()),
  schema: v.exactOptional(v.picklist(['native', 'inlined', 'portable', 'gemini'])),
  pairing: v.exactOptional(v.picklist(['parallel', 'one-to-one'])),
  toolTurnText: v.exactOptional(v.string()),
  jsonObject: v.exactOptional(v.picklist(['JSON_OBJECT', 'JSON_SCHEMA'])),
  jsonSchema: v.exactOptional(v.picklist(['native', 'told'])),
})

/** The members of the configuration file. `docs/config.schema.json` is made from this. */
export const ConfigFileSchema = v.partial(v.strictObject({
  $schema: v.string(),
  host: v.pipe(v.string(), v.minLength(1)),
  port: v.pipe(v.number('must be a number'), v.integer(), v.minValue(0), v.maxValue(65_535)),
  clientKeys: v.array(v.pipe(v.string(), v.minLength(1))),
  aliases: v.record(v.string(), v.string(), 'must be a JSON object of texts'),
  profiles: v.record(v.string(), Profile),
  regions: v.array(v.string()),
  compartmentId: v.pipe(v.string(), v.regex(/^ocid1\.[\w.-]+$/, 'must be an OCID')),
  inferenceEndpoint: Address,
  controlEndpoint: Address,
  heartbeatSeconds: Seconds,
  timeouts: v.partial(v.strictObject({
    answerSeconds: Seconds,
    idleSeconds: Seconds,
    graceSeconds: Seconds,
    commitSeconds: Seconds,
  })),
  retry: v.partial(v.strictObject({
    attempts: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10)),
    baseSeconds: Seconds,
  })),
  bodyLimitMiB: v.pipe(v.number(), v.minValue(0.001)),
  logLevel: v.picklist(['debug', 'info', 'warn', 'error', 'silent']),
}))
export type ConfigFile = v.InferOutput<typeof ConfigFileSchema>

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname } = new URL(text)
  const isLocal = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  return protocol === 'https:' || (protocol === 'http:' && isLocal)
}
