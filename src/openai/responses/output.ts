import type { Annotation, TokenLogprob, ToolCall } from '../../chat/model.ts'
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

export function reasoningItem(id: string, text: string): ReasoningOutput {
  return { id, type: 'reasoning', summary: [{ type: 'summary_text', text }] }
}

export function messageItem(id: string, content: MessagePart[], status: ItemStatus): MessageOutput {
  return { id, type: 'message', status, role: 'assistant', content }
}

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

/** A citation as a response has it: flat. */
export function encodeUrlCitation(annotation: Annotation): Citation {
  return { type: 'url_citation', ...encodeCitation(annotation) }
}

/** A call as the client knows the tool. */
export function callItem(
  id: string,
  call: ToolCall,
  { type, name, namespace }: ClientTool,
  status: ItemStatus,
): FunctionCallOutput | CustomCallOutput {
  const known = { status, call_id: call.id, name, ...(namespace !== undefined && { namespace }) }
  switch (type) {
    case 'function':
      return { id, type: 'function_call', ...known, arguments: call.arguments }
    case 'custom':
      return { id, type: 'custom_tool_call', ...known, input: inputOf(call.arguments) }
  }
}

/** The one text among the arguments of a custom tool; what is not so written is the text itself. */
function inputOf(json: string): string {
  try {
    const parsed: unknown = JSON.parse(json)
    const isWrapped = typeof parsed === 'object' && parsed !== null && 'input' in parsed
    return isWrapped && typeof parsed.input === 'string' ? parsed.input : json
  } catch {
    return json
  }
}

/** The beginning of the ids of calls. */
export const CALL_PREFIXES: Readonly<Record<ClientTool['type'], string>> = {
  function: 'fc',
  custom: 'ctc',
}
