import * as v from 'valibot'
import { EFFORTS } from '../chat/levels.ts'

const Count = v.pipe(
  v.number(),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be 1 or more'),
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

/** The profile of one model in the key `models`: each field overrides the built-in value. */
const Profile = v.strictObject({
  vendor: v.exactOptional(v.pipe(
    v.string(),
    v.description('Vendor whose built-in values apply: meta, xai, openai, google or cohere'),
  )),
  format: v.exactOptional(v.pipe(
    v.picklist(['GENERIC', 'COHERE', 'COHEREV2', 'CHAT_COMPLETIONS', 'RESPONSES']),
    v.description(
      "Request format: GENERIC, COHERE or COHEREV2 of OCI's native endpoint, CHAT_COMPLETIONS or " +
        'RESPONSES of its OpenAI-compatible one',
    ),
  )),
  tokenField: v.exactOptional(v.pipe(
    v.picklist(['maxTokens', 'maxCompletionTokens']),
    v.description('Field that carries the output limit in a request to OCI'),
  )),
  maxOutputTokens: v.exactOptional(v.pipe(
    Count,
    v.description('Maximum output tokens; a larger limit in a request is lowered to this value'),
  )),
  dedicatedMaxOutputTokens: v.exactOptional(v.pipe(
    Count,
    v.description('maxOutputTokens on a dedicated AI cluster, for Meta and Cohere models'),
  )),
  defaultOutputTokens: v.exactOptional(v.pipe(
    Count,
    v.description('Output limit in tokens for requests without one'),
  )),
  contextWindow: v.exactOptional(v.pipe(
    Count,
    v.description('Maximum tokens of prompt and output together'),
  )),
  unsupportedParameters: v.exactOptional(v.pipe(
    v.array(Parameter),
    v.description('Parameters the model rejects; the gateway omits them and adds a warning'),
  )),
  developerRole: v.exactOptional(v.pipe(
    v.boolean(),
    v.description('Whether the model accepts the developer role; if not, system is used'),
  )),
  systemRole: v.exactOptional(v.pipe(
    v.picklist(['system', 'user']),
    v.description('Role of system text; user for models that reject system messages with tools'),
  )),
  inputs: v.exactOptional(v.pipe(
    v.array(v.picklist(['text', 'image', 'document', 'audio', 'video'])),
    v.description('Content types the model accepts'),
  )),
  maxImages: v.exactOptional(v.pipe(
    Count,
    v.description('Maximum images of one request; earlier ones are omitted with a warning'),
  )),
  tools: v.exactOptional(v.pipe(
    v.boolean(),
    v.description('Whether the model supports tools; if not, they are omitted with a warning'),
  )),
  toolsWithFormat: v.exactOptional(v.pipe(
    v.boolean(),
    v.description(
      'Whether the model accepts tools together with a response format; if not, the format is ' +
        'omitted with a warning',
    ),
  )),
  reasoning: v.exactOptional(v.pipe(
    v.boolean(),
    v.description('Whether the model reasons; if not, the reasoning effort is omitted'),
  )),
  reasoningEfforts: v.exactOptional(v.pipe(
    v.array(v.picklist(EFFORTS)),
    v.description(
      'Reasoning efforts the model accepts; another one is sent as the nearest of them',
    ),
  )),
  endpoint: v.exactOptional(v.pipe(
    v.picklist(['native', 'openai']),
    v.description(
      'OCI endpoint for requests in an OpenAI format: native translates them, openai passes them ' +
        'through',
    ),
  )),
  parseToolCallsFromText: v.exactOptional(v.pipe(
    v.boolean(),
    v.description(
      'Whether to parse tool calls that the model writes into its text, up to 1,000 in one answer',
    ),
  )),
  multipleChoices: v.exactOptional(v.pipe(
    v.boolean(),
    v.description('Whether one call can return several choices; if not, each choice is one call'),
  )),
  streams: v.exactOptional(v.pipe(
    v.boolean(),
    v.description('Whether the model streams; if not, the complete answer is sent as a stream'),
  )),
  schema: v.exactOptional(v.pipe(
    v.picklist(['native', 'inlined', 'portable', 'gemini']),
    v.description(
      'How JSON schemas are simplified: native removes unknown required names, inlined also ' +
        'resolves $ref, portable keeps only common keywords, gemini also removes those that ' +
        'Gemini rejects',
    ),
  )),
  parallelToolCalls: v.exactOptional(v.pipe(
    v.picklist(['grouped', 'sequential']),
    v.description(
      'How a turn with several tool calls is sent: grouped in one turn, or sequential with one ' +
        'call per turn',
    ),
  )),
  emptyToolCallText: v.exactOptional(v.pipe(
    v.string(),
    v.description('Text for turns that contain only tool calls. Without it, no text is sent'),
  )),
  forceSingleStep: v.exactOptional(v.pipe(
    v.boolean(),
    v.description('Whether COHERE answers tool results only with isForceSingleStep'),
  )),
  imageDetail: v.exactOptional(v.pipe(
    v.boolean(),
    v.description('Whether GENERIC accepts the detail of an image; if not, auto applies'),
  )),
  base64Embeddings: v.exactOptional(v.pipe(
    v.picklist(['base64', 'BASE64']),
    v.description(
      'embeddingTypes with which OCI returns vectors in base64; else the gateway converts',
    ),
  )),
  jsonObject: v.exactOptional(v.pipe(
    v.picklist(['JSON_OBJECT', 'JSON_SCHEMA']),
    v.description('Response format sent for JSON mode without a schema'),
  )),
  jsonSchema: v.exactOptional(v.pipe(
    v.picklist(['native', 'prompt']),
    v.description(
      'How a JSON schema is requested: as a native parameter, or in the prompt with JSON mode',
    ),
  )),
})

/** The key `models`: profiles by model name, or by a pattern that ends in `*`. */
export const Models = v.record(v.string(), Profile)
