import fc from 'fast-check'
import types from '../fixtures/published/inputs.json' with { type: 'json' }
import { arbitraryOf } from './arbitrary.ts'
import { CHAT_ROUNDS, MESSAGES_ROUNDS, RESPONSES_ROUNDS, type Round } from './rounds.ts'
import type { Schemas } from './schema.ts'

/** A request whose last message is a simple text, after a history of any kind. */
export interface Conversation {
  path: string
  body: Readonly<Record<string, unknown>>
  /** The texts that must reach the model: one of each tool result, and the last message. */
  markers: readonly string[]
}

/** A client API: how its requests are built, and the types of their history. */
interface ClientApi {
  path: string
  elements: readonly string[]
  rounds: fc.Arbitrary<Round>
  tools: readonly object[]
  bodyOf(history: readonly unknown[]): object
}

const SCHEMAS: Schemas = types as object as Schemas
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } }
const NAMES = ['get_weather', 'get_time']
const LAST_TEXT = 'And now?'
const LAST = { role: 'user', content: LAST_TEXT }

const APIS: readonly ClientApi[] = [
  {
    path: '/v1/chat/completions',
    elements: ['chatMessage'],
    rounds: CHAT_ROUNDS,
    tools: NAMES.map((name) => ({ type: 'function', function: { name, parameters: PARAMETERS } })),
    bodyOf: (history) => ({ messages: [...history, LAST] }),
  },
  {
    path: '/v1/responses',
    elements: ['responsesItem'],
    rounds: RESPONSES_ROUNDS,
    tools: NAMES.map((name) => ({ type: 'function', name, parameters: PARAMETERS })),
    bodyOf: (history) => ({ input: [...history, LAST], store: false }),
  },
  {
    path: '/v1/messages',
    elements: ['message', 'betaMessage'],
    rounds: MESSAGES_ROUNDS,
    tools: NAMES.map((name) => ({ name, input_schema: PARAMETERS })),
    bodyOf: (history) => ({ messages: [...history, LAST], max_tokens: 500 }),
  },
]

/** Creates conversations in all client APIs, to any of the models. */
export function conversations(models: readonly string[]): fc.Arbitrary<Conversation> {
  return fc.oneof(...APIS.map((api) => conversationsOf(api, models)))
}

type Turn = { element: unknown } | { round: Round }

function conversationsOf(
  { path, elements, rounds, tools, bodyOf }: ClientApi,
  models: readonly string[],
): fc.Arbitrary<Conversation> {
  const element = fc.oneof(
    ...elements.map((root) =>
      arbitraryOf(SCHEMAS.roots[root] ?? {}, SCHEMAS, { hasRole: root !== 'responsesItem' })
    ),
  )
  const turn: fc.Arbitrary<Turn> = fc.oneof(
    { weight: 3, arbitrary: element.map((element) => ({ element })) },
    { weight: 1, arbitrary: rounds.map((round) => ({ round })) },
  )
  const turns = fc.array(turn, { minLength: 1, maxLength: 5 })
  return fc.tuple(fc.constantFrom(...models), turns, fc.boolean(), fc.boolean())
    .map(([model, turns, hasTools, stream]) => {
      const written = turns.map(write)
      return {
        path,
        body: {
          model,
          stream,
          ...bodyOf(written.flatMap(({ elements }) => elements)),
          ...(hasTools && { tools }),
        },
        markers: [...written.flatMap(({ marker }) => marker), LAST_TEXT],
      }
    })
}

function write(turn: Turn, at: number): { elements: readonly unknown[]; marker: string[] } {
  if ('element' in turn) return { elements: [usable(turn.element, at)], marker: [] }
  const marker = `result ${at} of ${turn.round.kind}`
  return { elements: turn.round.elements(`call_round_${at}`, marker), marker: [marker] }
}

/** A reference must name another item that the gateway created. Its type is optional. */
function usable(element: unknown, at: number): unknown {
  const { type, role } = Object(element)
  const isReference = type === 'item_reference' || (type ?? role ?? undefined) === undefined
  return isReference ? { type: 'item_reference', id: `rs_${'a'.repeat(24)}_${at}` } : element
}
