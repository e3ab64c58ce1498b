import type { AttackRequest, Row } from '../row.ts'
import { FORMATS, type ModelName, MODELS } from './models.ts'

/** A kind of request: the members of its body, for a number of bytes. */
export interface Kind {
  id: string
  title: string
  body(bytes: number, model: string): object | string
  /** Models other than the usual ones. */
  models?: readonly ModelName[]
  statuses?: readonly number[]
  headers?: Readonly<Record<string, string>>
}

/** Kinds that the short form tries on every runtime; the others on Node only. */
const SHARP = new RegExp(
  '^(text-(letters|tool-call-tags)|messages|parts|tools-(colliding|hash|same)|namespace(s|-under)|' +
    'calls(-orphan|-in-turns)?|results-orphan|function-turns|image-parameters|(schema|format)-' +
    '(all-of|ref-bomb|ref-large|any-of-product)|references|fields|texts|prompts|model|brackets)$',
)

/** The rows of the kinds of one API: each for every model, the crowd for the first one. */
export function rowsOf(
  fault: string,
  api: string,
  path: string,
  kinds: readonly Kind[],
  usual: readonly ModelName[] = FORMATS,
): readonly Row[] {
  return kinds.flatMap((kind) =>
    (kind.models ?? usual).map((model, index): Row => ({
      id: `${fault}-${api}-${kind.id}-${model}`,
      title: `${api}: ${kind.title} (${model})`,
      ...shortOn(kind.id, index),
      attack: {
        type: 'request',
        crowd: index === 0,
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

/** The short form tries the first model, and the sharpest kinds everywhere. */
function shortOn(id: string, index: number): Pick<Row, 'shortOn'> {
  return index > 0 ? { shortOn: [] } : SHARP.test(id) ? {} : { shortOn: ['node'] }
}
