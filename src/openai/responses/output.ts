import type { Annotation, TokenLogprob, ToolCall } from '../../chat/model.ts'
import { customInput } from '../custom-tools.ts'
import { encodeCitation, encodeToken } from '../encode-parts.ts'
import type { ClientTool } from './tool-name-map.ts'
import type {
  Citation,
  CustomCallOutput,
  FunctionCallOutput,
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

/** Creates the item of a call, under the client's name of the tool. */
export function callItem(
  id: string,
  call: ToolCall,
  { type, name, namespace }: ClientTool,
  status: ItemStatus,
): FunctionCallOutput | CustomCallOutput {
  const shared = { status, call_id: call.id, name, ...(namespace !== undefined && { namespace }) }
  switch (type) {
    case 'function':
      return { id, type: 'function_call', ...shared, arguments: call.arguments }
    case 'custom':
      return { id, type: 'custom_tool_call', ...shared, input: customInput(call.arguments) }
  }
}

/** The prefixes of the ids of call items. */
export const CALL_PREFIXES: Readonly<Record<ClientTool['type'], string>> = {
  function: 'fc',
  custom: 'ctc',
}
