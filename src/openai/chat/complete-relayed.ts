import { isObject, type Json, mapMember, replaceMember } from '../complete.ts'
import { encodeErrorEvent } from '../error.ts'
import { readErrorText, type RelayCompletion } from '../relay-completion.ts'
import { rewriteEvents } from '../rewrite-events.ts'

/**
 * Creates the completion of one answer of OCI's chat completions endpoint: tool calls without an id
 * get one, errors get all members of OpenAI's errors, and data that is not a chunk is dropped. Most
 * chunks are kept without parsing them.
 * @param createId creates an id for a tool call
 */
export function createRelayedChat(createId: () => string): RelayCompletion {
  let hasFailed = false
  const rewrite = (json: unknown): unknown => {
    if (!isObject(json)) return undefined
    if (Array.isArray(json['choices'])) return completeChoices(json, createId)
    const error = readErrorText(json)
    hasFailed ||= error !== undefined
    return error && { error: { ...error, type: typeOf(json) } }
  }
  return {
    complete: (json) => isObject(json) ? completeChoices(json, createId) : json,
    completeEvents: (bytes) => rewriteEvents(bytes, { isPlain, rewrite }),
    fail: (error) => hasFailed ? '' : encodeErrorEvent(error),
  }
}

/** OCI's chunks begin with their id. */
function isPlain(data: string): boolean {
  return data.startsWith('{"id":"') && !/"id": ?null/.test(data)
}

function typeOf({ error }: Json): string {
  return isObject(error) && typeof error['type'] === 'string' ? error['type'] : 'api_error'
}

function completeChoices(answer: Json, createId: () => string): Json {
  return mapMember(answer, 'choices', (choice) => {
    if (!isObject(choice)) return choice
    const complete = (call: unknown) =>
      isObject(call) && call['id'] === null ? completeCall(call, createId) : call
    return ['message', 'delta'].reduce<Json>((completed, key) => {
      const message = completed[key]
      return isObject(message)
        ? replaceMember(completed, key, mapMember(message, 'tool_calls', complete))
        : completed
    }, choice)
  })
}

/** Only the first delta of a call names its function; later ones have no id. */
function completeCall({ id: _, ...call }: Json, createId: () => string): Json {
  const { function: named } = call
  return isObject(named) && typeof named['name'] === 'string' ? { id: createId(), ...call } : call
}
