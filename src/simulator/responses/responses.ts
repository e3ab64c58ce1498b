import type { Operation } from '../openai/operation.ts'
import type { Answer } from '../prompt.ts'
import { type ResponseEvent, responseEvents } from './events.ts'
import { outputOf } from './output.ts'
import { readResponsesPrompt } from './prompt.ts'
import {
  conversationId,
  type InputItem,
  itemsOf,
  RESPONSES,
  type ResponsesRequest,
} from './request.ts'
import { finishedResponse, type ResponseObject, startedResponse } from './response.ts'
import { validateModel, validateResponses } from './rules.ts'
import { previousItems, type ResponseStore, validateStored } from './store.ts'

type ReplyInput = Parameters<Operation<ResponsesRequest>['reply']>[1]

/** `POST /openai/v1/responses`, which keeps its responses in a store. */
export function responses(store: ResponseStore): Operation<ResponsesRequest> {
  const previous = (request: ResponsesRequest) => previousItems(request, store)
  const finish = (answers: readonly Answer[], input: ReplyInput) =>
    finishAndStore(answers, input, store)
  return {
    shape: RESPONSES,
    validateModel,
    readPrompt: (request) => readResponsesPrompt(request, previous(request)),
    validate: (request, target) =>
      validateStored(request, store) ?? validateResponses(request, previous(request), target),
    reply(answers, input) {
      const response = finish(answers, input)
      if (!input.request.background) return response
      return begin(response, startedResponse(input), store)
    },
    stream(answers, input) {
      const stream = streamOf(startedResponse(input), finish(answers, input))
      const { background } = input.request
      if (background) {
        const run = {
          state: 'ended' as const,
          started: startedResponse(input),
          events: stream.events,
        }
        const stored = store.responses.get(run.started.id)
        if (stored) stored.run = run
      }
      return stream
    },
  }
}

/** Creates the response of an answer, and stores it as the request wants. */
function finishAndStore(
  [answer]: readonly Answer[],
  input: ReplyInput,
  store: ResponseStore,
): ResponseObject {
  if (!answer) throw new RangeError('Cannot encode the response: the model generated no answer')
  const { request } = input
  const response = finishedResponse(answer, outputOf(answer, request), input)
  const own = [...itemsOf(request), ...response.output.map(asInput)]
  const before = previousItems(request, store)
  const conversation = store.objects.conversations.get(conversationId(request.conversation) ?? '')
  if (request.store !== false && store.enabled) {
    const items = [...before, ...own]
    const inputs = items.length - response.output.length
    store.responses.set(response.id, { response, items, inputs })
  }
  conversation?.items.push(...own)
  return response
}

/** Lets a response run in the background. */
function begin(
  { id }: ResponseObject,
  started: ResponseObject,
  { responses }: ResponseStore,
): ResponseObject {
  const stored = responses.get(id)
  if (stored) stored.run = { state: 'queued', started, events: undefined }
  return { ...started, status: 'queued' }
}

function streamOf(beginning: ResponseObject, end: ResponseObject) {
  return {
    events: responseEvents(beginning, end),
    endsWithDone: false,
    nameOf: (event: object) => 'type' in event ? String(event.type) : 'message',
    textEvent: (delta: string): ResponseEvent => ({
      type: 'response.output_text.delta',
      sequence_number: 0,
      item_id: end.output[0]?.id ?? '',
      output_index: 0,
      content_index: 0,
      delta,
    }),
    errorEvent: (kind: string) => errorEvent(kind, beginning),
  }
}

/** OpenAI's errors within a stream: an `error` event or a failed response. */
function errorEvent(kind: string, beginning: ResponseObject): ResponseEvent | undefined {
  const message = 'The server had an error'
  switch (kind) {
    case 'openai':
      return { type: 'error', sequence_number: 2, code: 'server_error', message, param: null }
    case 'failed': {
      const error = { code: 'server_error', message }
      const response = { ...beginning, status: 'failed', error }
      return { type: 'response.failed', sequence_number: 2, response }
    }
  }
  return undefined
}

function asInput(item: ResponseObject['output'][number]): InputItem {
  switch (item.type) {
    case 'reasoning':
      return { type: item.type, id: item.id }
    case 'message':
      return { type: item.type, id: item.id, role: item.role, content: item.content }
    case 'function_call':
      return { ...item }
    default:
      return { type: item.type, id: item.id }
  }
}
