import { completeTool } from './complete-item.ts'
import type { ResponsesRequest, TranslatedRequest } from './schema.ts'
import type { ResponseEcho } from './wire.ts'

/** Returns the members that repeat the request. `original` is the request as the client sent it. */
export function echoOf(
  body: TranslatedRequest,
  original: ResponsesRequest,
  { isStored }: { isStored: boolean },
): ResponseEcho {
  const { text, reasoning } = body
  const tools = original['tools']
  return {
    access_programs: null,
    background: false,
    frequency_penalty: 0,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    max_tool_calls: body.max_tool_calls ?? null,
    metadata: body.metadata ?? {},
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    presence_penalty: 0,
    previous_response_id: body.previous_response_id ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: { effort: reasoning?.effort ?? null, summary: reasoning?.summary ?? null },
    safety_identifier: body.safety_identifier ?? null,
    store: isStored,
    temperature: body.temperature ?? 1,
    text: { format: text?.format ?? { type: 'text' }, verbosity: text?.verbosity ?? 'medium' },
    tool_choice: original['tool_choice'] ?? 'auto',
    tools: Array.isArray(tools) ? tools.map(completeTool) : [],
    top_logprobs: body.top_logprobs ?? 0,
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    ...(typeof body.user === 'string' && { user: body.user }),
  }
}
