import type { ErrorBody } from './error-body.ts'
import type { ModelProfile, ProfileOverride, RefusableParameter } from './models.ts'

/** What a 400 taught about a model: a word for the log, and what to do otherwise. */
export interface Lesson {
  name: string
  change(profile: ModelProfile): ProfileOverride
}

/** The parameters' names as OpenAI, OCI and the vendors spell them. */
const SPELLINGS: readonly (readonly [RefusableParameter, ...string[]])[] = [
  ['temperature', 'temperature'],
  ['topP', 'top_p', 'topP'],
  ['topK', 'top_k', 'topK'],
  ['stop', 'stop', 'stop_sequences', 'stopSequences'],
  ['presencePenalty', 'presence_penalty', 'presencePenalty'],
  ['frequencyPenalty', 'frequency_penalty', 'frequencyPenalty'],
  ['reasoningEffort', 'reasoning_effort', 'reasoningEffort', 'reasoning'],
  ['verbosity', 'verbosity'],
  ['prediction', 'prediction'],
  ['webSearch', 'web_search_options', 'webSearchOptions'],
  ['parallelToolCalls', 'parallel_tool_calls', 'isParallelToolCalls', 'parallelToolCalls'],
  ['logprobs', 'logprobs', 'top_logprobs', 'logProbs'],
  ['seed', 'seed'],
  ['logitBias', 'logit_bias', 'logitBias'],
  ['choices', 'n', 'numGenerations', 'num_generations'],
  ['metadata', 'metadata'],
  ['serviceTier', 'service_tier', 'serviceTier'],
  ['toolChoice', 'tool_choice', 'toolChoice'],
]
const PARAMETERS = new Map(
  SPELLINGS.flatMap(([parameter, ...names]) => names.map((name) => [name, parameter] as const)),
)

const UNSUPPORTED =
  /unsupported|not supported|does not support|doesn't support|not allowed|unknown parameter|unrecognized/i

/**
 * Reads a refusal as a lesson about the model, most particular first; `undefined` when there is
 * nothing in it that asking otherwise would mend. `tried` are the formats it was asked in before.
 */
export function learnFrom(
  body: ErrorBody,
  profile: ModelProfile,
  tried: ReadonlySet<Format> = new Set(),
): Lesson | undefined {
  if (body.status !== 400) return undefined
  if (MISMATCH.test(body.message)) return formatLesson(profile, tried)
  const lesson = tokenFieldLesson(body, profile) ?? wordingLesson(body.message)
  if (lesson) return changes(lesson, profile) ? lesson : undefined
  const parameter = refusedParameter(body)
  if (parameter === undefined || profile.refuses.includes(parameter)) return undefined
  return {
    name: `without ${parameter}`,
    change: ({ refuses }) => ({ refuses: [...refuses, parameter] }),
  }
}

type Format = ModelProfile['format']

const MISMATCH = /chat request type does not match/i
/** Most models take the first; Cohere's take one of the others. */
const FORMATS: readonly Format[] = ['GENERIC', 'COHERE', 'COHEREV2']

function formatLesson({ vendor, format }: ModelProfile, tried: ReadonlySet<Format>) {
  const next = FORMATS.find((candidate) =>
    candidate !== format && !tried.has(candidate) &&
    !(vendor === 'cohere' && candidate === 'GENERIC')
  )
  // Cohere's formats have no field for several answers.
  return next && told(`ask as ${next}`, { format: next, severalChoices: next === 'GENERIC' })
}

const TOKEN_FIELD = /\bmax_?(completion_?)?tokens\b/i

/** Only the field that was sent teaches: where the other one is refused as well, neither helps. */
function tokenFieldLesson(body: ErrorBody, { tokenField }: ModelProfile): Lesson | undefined {
  const { message, param } = body
  const [refused, completion] = TOKEN_FIELD.exec(param || message) ?? []
  if (refused === undefined || !isRefusal(body)) return undefined
  if (/at most|maximum|too large|exceed|greater/i.test(message)) return undefined
  const isSent = (completion !== undefined) === (tokenField === 'maxCompletionTokens')
  if (!isSent) return undefined
  const other = tokenField === 'maxTokens' ? 'maxCompletionTokens' : 'maxTokens'
  return told(`use ${other}`, { tokenField: other })
}

/** Refusals that no parameter's name gives away. */
const WORDINGS: readonly (readonly [RegExp, Lesson])[] = [
  [
    /parallel tool calls? (is|are) not supported/i,
    told('one call a turn', {
      pairing: 'one-to-one',
    }),
  ],
  [
    /stream(ing)?\b.*(not supported|unsupported|not available)|not support.*\bstream/i,
    told(
      'no streaming',
      { streams: false },
    ),
  ],
  [
    /(system|developer) (message|role|prompt).*\btools?\b|\btools?\b.*system (message|role|prompt)/i,
    told(
      'system text as user text',
      { systemRole: 'user' },
    ),
  ],
  [
    /(tools?|functions?)\b.*\b(response_?format|response mime type|json (mode|schema))|(response_?format|response mime type|json (mode|schema)).*\b(tools?|function calling)\b/i,
    told(
      'tools without a response format',
      { toolsWithFormat: false },
    ),
  ],
  [
    /(json_?schema|structured outputs?).*(not supported|unsupported|not allowed)|not support.*(json_?schema|structured outputs?)/i,
    told(
      'schema told in the system text',
      { jsonSchema: 'told' },
    ),
  ],
]

function wordingLesson(message: string): Lesson | undefined {
  return WORDINGS.find(([wording]) => wording.test(message))?.[1]
}

function told(name: string, override: ProfileOverride): Lesson {
  return { name, change: () => override }
}

/** A lesson already heeded teaches nothing: the call would only fail again. */
function changes(lesson: Lesson, profile: ModelProfile): boolean {
  const known = new Map<string, unknown>(Object.entries(profile))
  return Object.entries(lesson.change(profile)).some(([key, value]) => known.get(key) !== value)
}

function isRefusal({ message, code }: ErrorBody): boolean {
  return /^unsupported_(parameter|value)$|^unknown_parameter$/.test(code ?? '') ||
    UNSUPPORTED.test(message)
}

function refusedParameter(body: ErrorBody): RefusableParameter | undefined {
  if (!isRefusal(body)) return undefined
  const { message, param } = body
  // A single letter is OpenAI's `n` only where the vendor points at it, and a word with a dash is a
  // model's name: "grok-4-fast-reasoning does not support parameter stop".
  const words = [param ?? '', ...message.match(/(?<![\w-])[A-Za-z_]{2,}(?![\w-])/g) ?? []]
  return words.map((word) => PARAMETERS.get(word)).find((parameter) => parameter !== undefined)
}

/** How many models are remembered; of whom nothing was learnt for longest go first. */
const MOST_MODELS = 1_000

/** What was learnt of each model, so that its next request needs one call only. */
export interface LessonBook {
  apply(model: string, profile: ModelProfile): ModelProfile
  remember(model: string, lessons: readonly Lesson[]): void
  /** The lessons by model, for people to look at. */
  entries(): readonly (readonly [model: string, lessons: readonly string[]])[]
}

/** Makes an empty book. */
export function createLessonBook(): LessonBook {
  const book = new Map<string, readonly Lesson[]>()
  return {
    apply: (model, profile) => applyLessons(profile, book.get(model) ?? []),
    remember(model, lessons) {
      const known = book.get(model) ?? []
      // Requests that are under way together learn the same.
      const kept = known.filter(({ name }) => !lessons.some((lesson) => lesson.name === name))
      book.delete(model)
      book.set(model, [...kept, ...lessons])
      for (const oldest of book.keys()) {
        if (book.size <= MOST_MODELS) break
        book.delete(oldest)
      }
    },
    entries: () =>
      [...book].map(([model, lessons]) => [model, lessons.map(({ name }) => name)] as const),
  }
}

/** A profile with lessons heeded, in the order they were learnt. */
export function applyLessons(profile: ModelProfile, lessons: readonly Lesson[]): ModelProfile {
  return lessons.reduce((known, lesson) => ({ ...known, ...lesson.change(known) }), profile)
}
