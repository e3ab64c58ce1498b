import type { Annotation, TokenLogprob } from '../../../chat/model.ts'
import { asList, asObject, asText } from '../../json.ts'
import { decodeOpenAiAnnotations } from '../openai/annotations.ts'
import { decodeOpenAiLogprobs } from '../openai/logprobs.ts'
import type { ToolCallPiece } from '../response/read-message.ts'
import type { WireItem, WirePart } from './wire.ts'

/** The content of one output item; members of other types of items are empty. */
export interface ReadItem {
  text: string
  reasoning: string
  refusal: string
  call: ToolCallPiece | undefined
}

/** Joins the parts of the reasoning. */
export const REASONING_SEPARATOR = '\n\n'

const EMPTY: ReadItem = { text: '', reasoning: '', refusal: '', call: undefined }

/** Reads an output item; items of other types, such as OCI's own searches, are empty. */
export function readItem(item: WireItem): ReadItem {
  switch (item.type) {
    case 'message':
      return {
        ...EMPTY,
        text: partsOf(item).map(textOf).join(''),
        refusal: partsOf(item).map(({ refusal }) => asText(refusal)).join(''),
      }
    case 'reasoning':
      return { ...EMPTY, reasoning: readReasoning(item) }
    case 'function_call':
      return { ...EMPTY, call: readCall(item) }
  }
  return EMPTY
}

/** The sources of a message whose text begins at `offset` of the complete text. */
export function readAnnotations(item: WireItem, offset: number): readonly Annotation[] {
  let start = offset
  return partsOf(item).flatMap((part) => {
    const annotations = decodeOpenAiAnnotations(part.annotations, start)
    start += textOf(part).length
    return annotations
  })
}

/** The tokens of a message, each with up to `maxAlternatives` alternatives. */
export function readLogprobs(item: WireItem, maxAlternatives?: number): readonly TokenLogprob[] {
  return partsOf(item).flatMap(({ logprobs }) => decodeOpenAiLogprobs(logprobs, maxAlternatives))
}

function partsOf({ type, content }: WireItem): readonly WirePart[] {
  return type === 'message' ? asList(content).map(asObject) : []
}

function textOf({ type, text }: WirePart): string {
  return type === 'output_text' ? asText(text) : ''
}

/** OpenAI sends a summary, gpt-oss sends the complete reasoning. */
function readReasoning({ summary, content }: WireItem): string {
  return [...asList(summary), ...asList(content)]
    .map((part) => {
      const { text }: WirePart = asObject(part)
      return asText(text)
    })
    .filter((text) => text !== '')
    .join(REASONING_SEPARATOR)
}

function readCall({ call_id: id, name, arguments: json }: WireItem): ToolCallPiece {
  return { id: asText(id), name: asText(name), arguments: json, signature: '' }
}
