import type { Operation } from '../openai/operation.ts'
import { absent, invalidRequest } from '../openai/error.ts'
import type { Answer } from '../prompt.ts'
import type { ServiceError } from '../service-error.ts'
import { type ResponseEvent, responseEvents } from './events.ts'
import { itemsOf } from './items.ts'
import { outputOf } from './output.ts'
import { readPrompt } from './prompt.ts'
import { type InputItem, RESPONSES, type ResponsesRequest } from './request.ts'
import { finishedResponse, type ResponseObject, startedResponse } from './response.ts'
import { validateModel, validateResponses } from './rules.ts'
import { itemsBefore, type ResponseStore } from './store.ts'

type ReplyInput = Parameters<Operation<ResponsesRequest>['reply']>[1]

/** `POST /openai/v1/responses`, which remembers what it answered in a store. */
export function responses(store: ResponseStore): Operation<ResponsesRequest> {
  const before = (request: ResponsesRequest) => itemsBefore(request, store)
  const finish = ([answer]: readonly Answer[], input: ReplyInput): ResponseObject => {
    if (!answer) throw new RangeError('Cannot respond: the brain gave no answer')
    const { request } = input
    const response = finishedResponse(answer, outputOf(answer, request), input)
    const items = [...before(request), ...itemsOf(request), ...response.output.map(asInput)]
    if (request.store !== false && store.keeps) {
      store.responses.set(response.id, { response, items })
    }
    return response
  }
  return {
    shape: RESPONSES,
    validateModel,
    readPrompt: (request) => readPrompt(request, before(request)),
    validate: (request, target) =>
      validateStored(request, store) ?? validateResponses(request, before(request), target),
    reply: finish,
    stream: (answers, input) => streamOf(startedResponse(input), finish(answers, input)),
  }
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

/** Errors amid a stream, as OpenAI tells them: on their own, or as the end of the response. */
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

/** A tenancy that keeps no data wants to be told nothing else. */
function validateStored(
  { previous_response_id: previous, store: wanted, input }: ResponsesRequest,
  store: ResponseStore,
): ServiceError | undefined {
  if (!store.keeps && (previous || wanted === true)) {
    const param = previous ? 'previous_response_id' : 'store'
    return invalidRequest(`'${param}' is not supported with zero data retention.`, param)
  }
  if (previous && !store.responses.has(previous)) {
    return invalidRequest(
      `Previous response with id '${previous}' not found.`,
      'previous_response_id',
      'previous_response_not_found',
    )
  }
  const lost = itemsOf({ input }).find(({ type, id }) =>
    type === 'item_reference' && !has(store, id)
  )
  return lost ? absent(`Item with id '${lost.id}' not found.`) : undefined
}

function has({ responses }: ResponseStore, id: string | null | undefined): boolean {
  return [...responses.values()].some(({ items }) => items.some((item) => item.id === id))
}

function asInput(item: ResponseObject['output'][number]): InputItem {
  switch (item.type) {
    case 'reasoning':
      return { type: item.type, id: item.id }
    case 'message':
      return { type: item.type, id: item.id, role: item.role, content: item.content }
    case 'function_call':
      return { ...item }
  }
}
