import type { Annotation, TokenLogprob } from '../../../chat/model.ts'
import { asList, asObject, asText } from '../../json.ts'
import { decodeOpenAiAnnotations } from '../openai/annotations.ts'
import { decodeOpenAiLogprobs } from '../openai/logprobs.ts'
import type { WireItem, WirePart } from './wire.ts'

/** What one item of the output says; of each kind of item the other kinds' members are empty. */
export interface ReadItem {
  text: string
  reasoning: string
  refusal: string
  call: ReadCall | undefined
}

export interface ReadCall {
  /** Empty where the vendor gave none. */
  id: string
  /** Empty where nobody said it yet. */
  name: string
  arguments: unknown
}

/** What stands between two thoughts, which have no order to their words. */
export const THOUGHT_BREAK = '\n\n'

const NOTHING: ReadItem = { text: '', reasoning: '', refusal: '', call: undefined }

/** Reads an item; searches and other deeds of OCI's own say nothing. */
export function readItem(item: WireItem): ReadItem {
  switch (item.type) {
    case 'message':
      return {
        ...NOTHING,
        text: partsOf(item).map(textOf).join(''),
        refusal: partsOf(item).map(({ refusal }) => asText(refusal)).join(''),
      }
    case 'reasoning':
      return { ...NOTHING, reasoning: readReasoning(item) }
    case 'function_call':
      return { ...NOTHING, call: readCall(item) }
  }
  return NOTHING
}

/** The sources of a message whose text begins at `offset` of the answer's. */
export function readAnnotations(item: WireItem, offset: number): readonly Annotation[] {
  let start = offset
  return partsOf(item).flatMap((part) => {
    const annotations = decodeOpenAiAnnotations(part.annotations, start)
    start += textOf(part).length
    return annotations
  })
}

/** The tokens of a message, with the likeliest `most` alternatives to each. */
export function readLogprobs(item: WireItem, most?: number): readonly TokenLogprob[] {
  return partsOf(item).flatMap(({ logprobs }) => decodeOpenAiLogprobs(logprobs, most))
}

function partsOf({ type, content }: WireItem): readonly WirePart[] {
  return type === 'message' ? asList(content).map(asObject) : []
}

function textOf({ type, text }: WirePart): string {
  return type === 'output_text' ? asText(text) : ''
}

/** Summed up, as OpenAI does, or told in full, as gpt-oss does. */
function readReasoning({ summary, content }: WireItem): string {
  return [...asList(summary), ...asList(content)]
    .map((part) => {
      const { text }: WirePart = asObject(part)
      return asText(text)
    })
    .filter((text) => text !== '')
    .join(THOUGHT_BREAK)
}

function readCall({ call_id: id, name, arguments: json }: WireItem): ReadCall {
  return { id: asText(id), name: asText(name), arguments: json }
}
