import { isObject, type Json, mapMember, replaceMember, withDefaults } from '../complete.ts'
import { readErrorText, type RelayCompletion } from '../relay-completion.ts'
import { rewriteEvents } from '../rewrite-events.ts'
import { completeItem, completePart, completeTool } from './complete-item.ts'
import { encodeErrorEvent } from './error.ts'

/**
 * Creates the completion of one answer of OCI's Responses endpoint, which lacks members that OpenAI's
 * specification requires. Events without a type are dropped; errors of other forms become `error`
 * events.
 */
export function createRelayedResponse(): RelayCompletion {
  let sequence = 0
  let hasFailed = false
  const number = (event: Json): Json => {
    const numbered = withDefaults(event, { sequence_number: sequence })
    if (typeof numbered['sequence_number'] === 'number') sequence = numbered['sequence_number'] + 1
    hasFailed ||= event['type'] === 'error' || event['type'] === 'response.failed'
    return numbered
  }
  const rewrite = (json: unknown): unknown => {
    const event = isObject(json) ? completeEvent(json) : undefined
    return event && number(event)
  }
  return {
    complete: (json) => isObject(json) ? completeAnswer(json) : json,
    completeEvents: (bytes) => rewriteEvents(bytes, { rewrite }),
    fail: (error) => hasFailed ? '' : encodeErrorEvent(error, sequence),
  }
}

/** Completes a response or a list of its items. Other answers, such as that of a deletion, are kept. */
function completeAnswer(json: Json): Json {
  if ('deleted' in json) return json
  switch (json['object']) {
    case 'response':
      return completeResponse(json)
    case 'list':
      return mapMember(json, 'data', completeItem)
    default:
      return json
  }
}

function completeResponse(response: Json): Json {
  const { usage } = response
  const defaults = withDefaults(response, RESPONSE_DEFAULTS)
  const lists = mapMember(mapMember(defaults, 'output', completeItem), 'tools', completeTool)
  return isObject(usage) ? replaceMember(lists, 'usage', completeUsage(usage)) : lists
}

/** The members that OpenAI requires, as if the request had none of them. */
const RESPONSE_DEFAULTS = {
  access_programs: null,
  error: null,
  incomplete_details: null,
  instructions: null,
  metadata: {},
  output: [],
  parallel_tool_calls: true,
  temperature: null,
  tool_choice: 'auto',
  tools: [],
  top_p: null,
}

function completeUsage(usage: Json): Json {
  const { input_tokens_details: input, output_tokens_details: output } = usage
  const inputs = withDefaults(isObject(input) ? input : {}, INPUT_DETAILS)
  const outputs = withDefaults(isObject(output) ? output : {}, OUTPUT_DETAILS)
  return replaceMember(
    replaceMember(usage, 'input_tokens_details', inputs),
    'output_tokens_details',
    outputs,
  )
}

const INPUT_DETAILS = { cached_tokens: 0, cache_write_tokens: 0 }
const OUTPUT_DETAILS = { reasoning_tokens: 0 }

/** Returns `undefined` for data that is not an event, such as a heartbeat. */
function completeEvent(event: Json): Json | undefined {
  const { type, part, item, response } = event
  if (typeof type !== 'string') {
    const error = readErrorText(event)
    return error && { type: 'error', ...error }
  }
  switch (type) {
    case 'error':
      return withDefaults(event, { code: null, message: '', param: null })
    case 'response.output_text.delta':
    case 'response.output_text.done':
      return withDefaults(event, { logprobs: [] })
    case 'response.content_part.added':
    case 'response.content_part.done':
      return replaceMember(event, 'part', completePart(part))
    case 'response.output_item.added':
    case 'response.output_item.done':
      return replaceMember(event, 'item', completeItem(item))
    default:
      return isObject(response)
        ? replaceMember(event, 'response', completeResponse(response))
        : event
  }
}
