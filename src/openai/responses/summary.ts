import type { JsonObject } from '../../json-object.ts'
import { type ChatReply, type ChatRequest, emptyChatRequest } from '../../chat/model.ts'
import { ApiError } from '../../errors.ts'
import { asObject } from '../loose-json.ts'

/** Asks for the summary. It replaces the conversation, so it must have all that is needed later. */
const INSTRUCTION =
  'Summarize the conversation above so that another assistant can continue it from the summary ' +
  'alone. Include the goals and instructions of the user, decisions and their reasons, facts and ' +
  'names that matter, what has been done, results of tools, and what remains to be done. Answer ' +
  'with the summary only.'

/** Creates the request for a summary of a conversation. It has no tools, so that the model writes text. */
export function summaryRequest(request: ChatRequest): ChatRequest {
  const { model, messages, outputLimit, reasoningEffort, serviceTier } = request
  const content = [{ type: 'text' as const, text: INSTRUCTION }]
  return {
    ...emptyChatRequest(model),
    messages: [...messages, { role: 'user', content, name: undefined }],
    ...{ outputLimit, reasoningEffort, serviceTier },
  }
}

/** Returns the summary in a reply. Throws an `upstream_invalid_response` if there is none. */
export function summaryOf({ choices: [choice] }: Pick<ChatReply, 'choices'>): string {
  return checkSummary(choice?.text ?? '')
}

/** Returns a summary unchanged. Throws an `upstream_invalid_response` if it is empty. */
export function checkSummary(text: string): string {
  if (text.trim() !== '') return text
  throw new ApiError('upstream_invalid_response', 'The model returned no summary')
}

/** Whether a request ends with the item that asks for a summary instead of an answer. */
export function asksForSummary(input: unknown): boolean {
  return Array.isArray(input) && asObject(input.at(-1))?.['type'] === 'compaction_trigger'
}

/** Returns the user messages of a conversation, which stay beside its summary, in OpenAI's form. */
export function userMessages(items: readonly unknown[]): JsonObject[] {
  return items.flatMap((item) => {
    const fields = asObject(item)
    const { type, role, content } = fields ?? {}
    if (role !== 'user' || (type ?? 'message') !== 'message') return []
    const parts = typeof content === 'string' ? [{ type: 'input_text', text: content }] : content
    return [{ ...fields, type: 'message', status: 'completed', role, content: parts ?? [] }]
  })
}
