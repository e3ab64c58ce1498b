import type { AttackRequest, Row } from '../row.ts'
import { FORMATS, type ModelName, MODELS } from './models.ts'

/** A kind of request: creates the members of its body for a number of bytes. */
export interface Kind {
  id: string
  title: string
  body(bytes: number, model: string): object | string
  /** Models that replace the default ones. */
  models?: readonly ModelName[]
  statuses?: readonly number[]
  headers?: Readonly<Record<string, string>>
}

/** Kinds that the short form runs on all runtimes; the others run on Node only. */
const SHARP = new RegExp(
  '^(text-(letters|tool-call-tags)|messages|parts|tools-(colliding|hash|same)|namespace(s|-under)|' +
    'calls(-orphan|-in-turns)?|results-orphan|function-turns|image-parameters|(schema|format)-' +
    '(all-of|ref-bomb|ref-large|any-of-product)|references|fields|texts|prompts|model|brackets)$',
)

/** Rows that also send 32 concurrent requests: one or two for each shape of request. */
const CROWDS = new Set([
  ...['text-letters', 'text-quotes', 'numbers', 'messages', 'parts', 'tools', 'calls', 'image']
    .map((id) => `F2-chat-${id}-generic`),
  ...['arguments', 'unknown-members', 'schema-wide', 'schema-ref-large', 'schema-any-of-product']
    .map((id) => `F2-chat-${id}-generic`),
  ...['text-quotes', 'calls', 'items-unknown'].map((id) => `F2-responses-${id}-generic`),
  ...['text-quotes', 'blocks', 'uses'].map((id) => `F2-messages-${id}-generic`),
  'F2-count-tokens-text-letters-generic',
  'F2-completions-prompts-generic',
  'F2-embeddings-texts-embed',
  'F2-moderations-texts-generic',
  'F15-rerank-documents-rerank',
])

/** Creates the rows of one API: each kind with each model. */
export function rowsOf(
  fault: string,
  api: string,
  path: string,
  kinds: readonly Kind[],
  usual: readonly ModelName[] = FORMATS,
): readonly Row[] {
  return kinds.flatMap((kind) =>
    (kind.models ?? usual).map((model, index): Row => ({
      id: idOf(fault, api, kind, model),
      title: `${api}: ${kind.title} (${model})`,
      ...shortOn(kind.id, index),
      attack: {
        type: 'request',
        crowd: CROWDS.has(idOf(fault, api, kind, model)),
        make: (bytes): AttackRequest => ({
          path,
          body: kind.body(bytes, MODELS[model]),
          ...(kind.headers && { headers: kind.headers }),
        }),
        ...(kind.statuses && { statuses: kind.statuses }),
      },
    }))
  )
}

function idOf(fault: string, api: string, { id }: Kind, model: ModelName): string {
  return `${fault}-${api}-${id}-${model}`
}

/** The short form runs the first model, and selected kinds on all runtimes. */
function shortOn(id: string, index: number): Pick<Row, 'shortOn'> {
  return index > 0 ? { shortOn: [] } : SHARP.test(id) ? {} : { shortOn: ['node'] }
}
