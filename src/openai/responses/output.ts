import type { Annotation, TokenLogprob } from '../../chat/model.ts'
import { encodeCitation, encodeToken } from '../encode-parts.ts'
import type {
  Citation,
  ItemStatus,
  MessageOutput,
  MessagePart,
  OutputText,
  ReasoningOutput,
} from './wire.ts'

/** Creates a reasoning item with a summary of one part. */
export function reasoningItem(id: string, text: string): ReasoningOutput {
  return { id, type: 'reasoning', summary: [{ type: 'summary_text', text }] }
}

/** Creates a message item. */
export function messageItem(id: string, content: MessagePart[], status: ItemStatus): MessageOutput {
  return { id, type: 'message', status, role: 'assistant', content }
}

/** Creates the part of a message with text. */
export function textPart(
  text: string,
  annotations: readonly Annotation[] = [],
  logprobs: readonly TokenLogprob[] = [],
): OutputText {
  return {
    type: 'output_text',
    annotations: annotations.map(encodeUrlCitation),
    logprobs: logprobs.map(encodeToken),
    text,
  }
}

/** Encodes a citation in the flat form of responses. */
export function encodeUrlCitation(annotation: Annotation): Citation {
  return { type: 'url_citation', ...encodeCitation(annotation) }
}
