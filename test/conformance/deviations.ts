import type { Checked } from './checked.ts'
import type { PublishedType } from './published.ts'

/** A member that differs from the published types on purpose. */
export interface Deviation {
  types: readonly PublishedType[]
  /** Paths of members, `[]` for the elements of a list. */
  members: readonly string[]
  /** Only values of this kind deviate; by default all. */
  only?: 'null' | 'string'
  /** Only members of an object with this type deviate. */
  of?: string
  /** The value that is checked instead; by default the member is left out of the check. */
  instead?: unknown
  reason: string
}

const EVENT = ['ResponseStreamEvent'] as const
const RESPONSES: readonly PublishedType[] = ['Response', ...EVENT]

/**
 * All known differences between the gateway's answers and the published types. Everything else must
 * match. The conformance test fails if one of them no longer occurs.
 */
export const DEVIATIONS: readonly Deviation[] = [
  {
    types: ['ChatCompletion', 'ChatCompletionChunk'],
    members: ['choices[].message.reasoning_content', 'choices[].delta.reasoning_content'],
    reason: 'the text of reasoning, which OpenAI does not return in chats; clients read this name',
  },
  {
    types: ['ChatCompletionChunk'],
    members: ['choices[].delta.annotations'],
    reason: 'citations, which OpenAI streams without a type for them',
  },
  {
    types: ['ChatCompletion', 'ChatCompletionChunk'],
    members: ['system_fingerprint'],
    only: 'null',
    reason: 'OpenAI and OCI send null; the type lacks it',
  },
  {
    types: ['CompletionChunk'],
    members: ['choices[].finish_reason'],
    only: 'null',
    instead: 'stop',
    reason: 'OpenAI has one type for answers and chunks; its chunks have null before the end',
  },
  {
    types: ['CompletionChunk'],
    members: ['usage'],
    only: 'null',
    reason: 'OpenAI sends null before the last chunk if usage is requested',
  },
  {
    types: ['CreateEmbeddingResponse'],
    members: ['data[].embedding'],
    only: 'string',
    instead: [],
    reason: 'with "encoding_format": "base64", which the package decodes itself',
  },
  {
    types: ['ModerationCreateResponse'],
    members: ['results[].oci'],
    reason: "OCI's own result",
  },
  {
    types: ['Model', 'ModelList'],
    members: [
      ...['root', 'context_length', 'context_window', 'max_model_len', 'max_output_tokens'],
      ...['meta', 'architecture', 'capabilities', 'retired', 'on_demand_until', 'deprecated'],
      ...['deprecated_at', 'dedicated_until', 'serving', 'replacements', 'regions'],
    ].flatMap((member) => [member, `data[].${member}`]),
    reason: 'limits and abilities under the names that clients read',
  },
  {
    types: RESPONSES,
    members: ['usage', 'response.usage', 'user', 'response.user'],
    only: 'null',
    reason: 'OpenAI sends null; the type lacks it',
  },
  {
    types: RESPONSES,
    members: ['frequency_penalty', 'presence_penalty', 'store'].flatMap((member) => [
      member,
      `response.${member}`,
    ]),
    reason: 'OpenAI sends them, and the Open Responses specification requires them',
  },
  {
    types: RESPONSES,
    members: ['output[].status', 'item.status', 'response.output[].status'],
    of: 'custom_tool_call',
    reason: 'OpenAI sends it, as it does for all other calls',
  },
  {
    types: EVENT,
    members: ['name'],
    reason: "OpenAI sends the function's name when its arguments are complete",
  },
  {
    types: EVENT,
    members: ['logprobs[].bytes', 'logprobs[].top_logprobs[].bytes'],
    reason: 'the type of the finished text has them, the type of its events does not',
  },
  {
    types: ['MessageStreamEvent'],
    members: [
      ...['message.usage.iterations', 'message.usage.fallback_credit', 'usage.iterations'],
      ...['usage.fallback_credit', 'delta.stop_details.fallback_credit_token'],
      ...['delta.stop_details.fallback_has_prefill_claim', 'delta.stop_details.recommended_model'],
      ...['message.context_management', 'context_management'],
    ],
    reason: "a member of Anthropic's beta API, whose type the same event must match",
  },
  {
    types: ['Message'],
    members: [
      ...['usage.iterations', 'usage.fallback_credit', 'stop_details.fallback_credit_token'],
      ...['stop_details.fallback_has_prefill_claim', 'stop_details.recommended_model'],
      ...['context_management'],
    ],
    reason: "a member of Anthropic's beta API, whose type the same answer must match",
  },
  {
    types: ['ChatCompletion', 'ChatCompletionChunk', 'Completion', 'CompletionChunk'],
    members: ['usage.cost'],
    reason: 'the cost in USD, as OpenRouter reports it',
  },
  {
    types: [...RESPONSES, 'CompactedResponse'],
    members: ['usage.cost', 'response.usage.cost'],
    reason: 'the cost in USD, as in chats',
  },
  {
    types: ['Message', 'BetaMessage', 'MessageStreamEvent', 'BetaMessageStreamEvent'],
    members: ['usage.cost'],
    reason: 'the cost in USD, as in chats',
  },
  {
    types: ['MessageTokensCount'],
    members: ['context_management'],
    reason: "a member of Anthropic's beta API, whose type the same answer must match",
  },
]

/** Replaces the members that deviate, and records which deviations occur. */
export function adapt(checked: Checked, occurring: Set<string>): Checked {
  const { type } = checked
  const table = TABLE.get(type)
  if (!table) return checked
  return { ...checked, value: replace(checked.value, '', table, occurring, type) }
}

/** The deviations that never occurred, each with its first missing member. */
export function unused(occurring: ReadonlySet<string>): string[] {
  return DEVIATIONS.filter(({ types, members }) =>
    !types.some((type) => members.some((member) => occurring.has(`${type} ${member}`)))
  ).map(({ members, reason }) => `${members[0]}: ${reason}`)
}

type Table = ReadonlyMap<string, Deviation>

const TABLE: ReadonlyMap<PublishedType, Table> = new Map(
  [...new Set(DEVIATIONS.flatMap(({ types }) => types))].map((type) => [
    type,
    new Map(
      DEVIATIONS.filter(({ types }) => types.includes(type))
        .flatMap((deviation) => deviation.members.map((member) => [member, deviation] as const)),
    ),
  ]),
)

function replace(
  value: unknown,
  path: string,
  table: Table,
  occurring: Set<string>,
  type: PublishedType,
): unknown {
  if (typeof value !== 'object' || value === null) return value
  const inner = (member: unknown, at: string) => replace(member, at, table, occurring, type)
  if (Array.isArray(value)) return value.map((element) => inner(element, `${path}[]`))
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => {
      const at = path === '' ? key : `${path}.${key}`
      const deviation = table.get(at)
      if (!deviation || !applies(deviation, value, member)) return [[key, inner(member, at)]]
      occurring.add(`${type} ${at}`)
      return 'instead' in deviation ? [[key, deviation.instead]] : []
    }),
  )
}

function applies({ only, of }: Deviation, owner: object, value: unknown): boolean {
  const { type } = owner as { type?: unknown }
  if (of !== undefined && type !== of) return false
  if (only === 'null') return value === null
  return only === undefined || typeof value === 'string'
}
