import { EMBED_MODEL, embeddingTypeCase } from './embedding-types.ts'
import { type Experiment, SHORT } from './experiment.ts'
import { deprecationHeader, errorOfOci, errorOfVendor } from './observations.ts'
import {
  ARGUMENTS,
  type Asking,
  cohere,
  COMMAND_A,
  generic,
  IMAGE,
  message,
  QUESTION,
  TOOL_NAME,
  TOOLS,
  toolTurn,
} from './requests.ts'

/** More than the documented cap on demand. */
const LONG = 4_500
const CAP = 4_000

/** Models of each family, of which the first listed one is asked. */
const FAMILIES: readonly [pattern: string, models: readonly string[]][] = [
  ['meta.llama*', ['meta.llama-3.3-70b-instruct', 'meta.llama-4-scout-17b-16e-instruct']],
  ['xai.grok*', ['xai.grok-4.3', 'xai.grok-4.20-non-reasoning']],
  ['google.gemini*', ['google.gemini-2.5-flash-lite', 'google.gemini-2.5-flash']],
  ['openai.gpt-oss*', ['openai.gpt-oss-20b', 'openai.gpt-oss-120b']],
]
const RERANK_IDS = ['cohere.rerank-v3.5', 'cohere.rerank.3-5'] as const

/** The same for models with images. */
const VISION: readonly (readonly [pattern: string, models: readonly string[]])[] = [
  ['meta.llama-4*', ['meta.llama-4-scout-17b-16e-instruct']],
  ...FAMILIES.filter(([pattern]) => /^(?:xai|google)/.test(pattern)),
]

/** What is known before OCI is asked. */
export interface Known {
  isBearer: boolean
  /** Listed models that are deprecated, and still served. */
  deprecated: ReadonlySet<string>
}

/**
 * Creates the experiments for models that are listed. A bearer key is first asked whether it may call
 * native actions at all. A deprecated model is asked only if no other question is put to one.
 */
export function createExperiments(
  listed: ReadonlySet<string>,
  { isBearer, deprecated }: Known,
): Experiment[] {
  const experiments = createQuestions(listed, isBearer)
  if (experiments.some(({ model }) => deprecated.has(model))) return experiments
  const model = [...deprecated].find((name) => /^(?:meta|xai|google)\./.test(name))
  return model === undefined ? experiments : [...experiments, deprecationHeader(model)]
}

function createQuestions(listed: ReadonlySet<string>, isBearer: boolean): Experiment[] {
  const families = FAMILIES.flatMap(([pattern, models]) => {
    const model = models.find((name) => listed.has(name))
    return model === undefined ? [] : [{ pattern, model }]
  })
  const [first] = families
  return [
    ...(isBearer && first ? [nativeBearer(first.model)] : []),
    ...(first ? [errorOfOci(first.model)] : []),
    ...families.flatMap(({ pattern, model }) => [
      // First, because the other requests to the model use the field.
      ...(pattern.startsWith('openai.') ? [tokenField(pattern, model)] : []),
      toolCallText(pattern, model),
      ...(/^(?:meta|xai)/.test(pattern) ? [systemWithTools(pattern, model)] : []),
      streamWithTools(pattern, model),
      errorOfVendor(model),
    ]),
    ...VISION.flatMap(([pattern, models]) => {
      const model = models.find((name) => listed.has(name))
      return model === undefined ? [] : [imageDetail(pattern, model)]
    }),
    ...families.filter(({ pattern }) => pattern.startsWith('meta.')).map(({ model }) =>
      outputCap('meta.llama*', generic(model))
    ),
    ...(listed.has(COMMAND_A) ? [outputCap('cohere.command*', cohere()), singleStep()] : []),
    ...(RERANK_IDS.some((id) => listed.has(id)) ? [rerankId()] : []),
    ...(listed.has(EMBED_MODEL) ? [embeddingTypeCase()] : []),
  ]
}

function nativeBearer(model: string): Experiment {
  const { ask, say } = generic(model)
  return {
    ...{ question: 'native_api_key', model, action: 'chat', maxOutput: SHORT },
    variants: [{
      shows: 'the native actions accept the API key',
      finding: { nativeBearer: true },
      body: ask({ ...say(QUESTION), maxTokens: SHORT }),
    }],
    otherwise: {
      shows: 'only the OpenAI endpoint accepts the API key',
      finding: { nativeBearer: false },
    },
  }
}

function toolCallText(pattern: string, model: string): Experiment {
  const { ask } = generic(model)
  return {
    ...{ question: 'tool_call_text', model, action: 'chat', maxOutput: SHORT },
    variants: [
      {
        shows: 'a tool call needs no text',
        finding: { models: { [pattern]: { emptyToolCallText: null } } },
        body: ask({ ...toolTurn(), maxTokens: SHORT }),
      },
      {
        shows: 'a tool call needs a text',
        finding: { models: { [pattern]: { emptyToolCallText: '.' } } },
        body: ask({ ...toolTurn('.'), maxTokens: SHORT }),
      },
    ],
  }
}

function systemWithTools(pattern: string, model: string): Experiment {
  const { ask } = generic(model)
  const withRole = (role: string) =>
    ask({
      messages: [message(role, 'Be brief.'), message('USER', QUESTION)],
      ...TOOLS,
      maxTokens: SHORT,
    })
  return {
    ...{ question: 'system_with_tools', model, action: 'chat', maxOutput: SHORT },
    variants: [
      {
        shows: 'SYSTEM is accepted together with tools',
        finding: { models: { [pattern]: { systemRole: 'system' } } },
        body: withRole('SYSTEM'),
      },
      {
        shows: 'SYSTEM is rejected together with tools',
        finding: { models: { [pattern]: { systemRole: 'user' } } },
        body: withRole('USER'),
      },
    ],
  }
}

/** What works needs no entry, because single models of a family may have less. */
function streamWithTools(pattern: string, model: string): Experiment {
  const { ask, say } = generic(model)
  const limited = { ...say(QUESTION), maxTokens: SHORT }
  const choice = { toolChoice: { type: 'AUTO' } }
  return {
    ...{ question: 'stream_with_tools', model, action: 'chat', maxOutput: SHORT },
    variants: [
      {
        shows: 'GENERIC streams with tools',
        finding: {},
        body: ask({ ...limited, ...TOOLS, ...choice, isStream: true }),
      },
      {
        shows: 'GENERIC does not stream',
        finding: { models: { [pattern]: { streams: false } } },
        body: ask({ ...limited, ...TOOLS, ...choice }),
      },
      {
        shows: 'GENERIC has no tools',
        finding: { models: { [pattern]: { tools: false } } },
        body: ask({ ...limited, isStream: true }),
      },
    ],
  }
}

function outputCap(pattern: string, { model, ask, say }: Asking): Experiment {
  const withLimit = (maxTokens: number) => ask({ ...say(QUESTION), maxTokens })
  return {
    ...{ question: 'output_limit', model, action: 'chat', maxOutput: LONG },
    variants: [
      {
        shows: `more than ${CAP} output tokens are accepted on demand`,
        finding: { models: { [pattern]: { maxOutputTokens: null } } },
        body: withLimit(LONG),
      },
      {
        shows: `at most ${CAP} output tokens are accepted on demand`,
        finding: { models: { [pattern]: { maxOutputTokens: CAP } } },
        body: withLimit(CAP),
      },
    ],
  }
}

function imageDetail(pattern: string, model: string): Experiment {
  const { ask } = generic(model)
  const withDetail = (detail: object) =>
    ask({
      messages: [{
        role: 'USER',
        content: [
          { type: 'TEXT', text: QUESTION },
          { type: 'IMAGE', imageUrl: { url: IMAGE, ...detail } },
        ],
      }],
      maxTokens: SHORT,
    })
  return {
    ...{ question: 'image_detail', model, action: 'chat', maxOutput: SHORT },
    variants: [
      {
        shows: 'the detail of an image is accepted',
        finding: { models: { [pattern]: { imageDetail: true } } },
        body: withDetail({ detail: 'HIGH' }),
      },
      {
        shows: 'the detail of an image is rejected',
        finding: { models: { [pattern]: { imageDetail: false } } },
        body: withDetail({}),
      },
    ],
  }
}

function tokenField(pattern: string, model: string): Experiment {
  const { ask, say } = generic(model)
  return {
    ...{ question: 'output_limit_field', model, action: 'chat', maxOutput: SHORT },
    variants: (['maxTokens', 'maxCompletionTokens'] as const).map((field) => ({
      shows: `the output limit is ${field}`,
      finding: { models: { [pattern]: { tokenField: field } } },
      body: ask({ ...say(QUESTION), [field]: SHORT }),
    })),
  }
}

function singleStep(): Experiment {
  const { model, ask } = cohere()
  const question = 'Add 1 and 1.'
  const call = { name: TOOL_NAME, parameters: ARGUMENTS }
  const types = { a: { type: 'float' }, b: { type: 'float' } }
  const turn = {
    chatHistory: [
      { role: 'USER', message: question },
      { role: 'CHATBOT', message: ' ', toolCalls: [call] },
    ],
    toolResults: [{ call, outputs: [{ output: '2' }] }],
    tools: [{ name: TOOL_NAME, description: 'Adds', parameterDefinitions: types }],
    maxTokens: SHORT,
  }
  return {
    ...{ question: 'single_step', model, action: 'chat', maxOutput: SHORT },
    variants: [
      {
        shows: 'tool results need no isForceSingleStep',
        finding: { models: { 'cohere.*': { forceSingleStep: false } } },
        body: ask({ message: '', ...turn }),
      },
      {
        shows: 'tool results need isForceSingleStep',
        finding: { models: { 'cohere.*': { forceSingleStep: true } } },
        body: ask({ message: question, isForceSingleStep: true, ...turn }),
      },
    ],
  }
}

/** On demand, OCI may have neither of them. */
function rerankId(): Experiment {
  const [one, other] = RERANK_IDS
  return {
    ...{ question: 'rerank_id', model: one, action: 'rerankText', maxOutput: 0 },
    variants: [[one, other], [other, one]].map(([known = '', alias = '']) => ({
      shows: `the id is ${known}`,
      finding: { aliases: { [alias]: known } },
      body: {
        servingMode: { servingType: 'ON_DEMAND', modelId: known },
        ...{ input: 'one', documents: ['one', 'two'] },
      },
    })),
  }
}
