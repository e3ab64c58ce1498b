import { invalidRequest, unsupportedOperation } from '../openai/error.ts'
import { validateForVendor, type VendorParameters } from '../openai/rules.ts'
import type { ServiceError } from '../service-error.ts'
import type { ResolvedModel } from '../resolve-model.ts'
import { itemsOf, partsOf, textOf } from './items.ts'
import type { InputItem, ResponsesRequest } from './request.ts'

/** Llama has no Responses, nor has what only listens. */
export function validateModel(model: string): ServiceError | undefined {
  const isLeftOut = /^(?:meta\.|imported-)|gpt-audio/.test(model)
  return isLeftOut ? unsupportedOperation(`no Responses of ${model}`) : undefined
}

/** What is wrong with a call whose shape is right, after the items it goes on from. */
export function validateResponses(
  request: ResponsesRequest,
  before: readonly InputItem[],
  { model }: ResolvedModel,
): ServiceError | undefined {
  const items = [...before, ...itemsOf(request)]
  return someInput(request) ?? everyCallAnswered(items) ?? everyAnswerCalled(items) ??
    filledTexts(items, model.name) ?? knownMedia(items, model.inputs.includes('IMAGE')) ??
    toolsForChoice(request) ?? validateForVendor(vendorParametersOf(request), model.name)
}

function someInput(request: ResponsesRequest): ServiceError | undefined {
  if (request.input.length > 0) return undefined
  return invalidRequest(
    "Invalid 'input': empty. Expected at min one item.",
    'input',
    'empty_array',
  )
}

function everyCallAnswered(items: readonly InputItem[]): ServiceError | undefined {
  const open = items.find(({ type, call_id }) =>
    type === 'function_call' && !isIn(items, 'function_call_output', call_id)
  )
  if (!open) return undefined
  return invalidRequest(`No tool output found for function call ${open.call_id}.`, 'input')
}

function everyAnswerCalled(items: readonly InputItem[]): ServiceError | undefined {
  const orphan = items.find(({ type, call_id }, at) =>
    type === 'function_call_output' && !isIn(items.slice(0, at), 'function_call', call_id)
  )
  if (!orphan) return undefined
  const message = `No tool call found for function call output with call_id ${orphan.call_id}.`
  return invalidRequest(message, 'input')
}

/** Seen of gpt-oss. */
function filledTexts(items: readonly InputItem[], model: string): ServiceError | undefined {
  if (!model.includes('gpt-oss')) return undefined
  const empty = items.find((item) => item.content !== undefined && textOf(item) === '')
  return empty ? invalidRequest('Message content cannot be empty', 'input') : undefined
}

function knownMedia(items: readonly InputItem[], sees: boolean): ServiceError | undefined {
  const shown = items.flatMap(partsOf).some(({ type }) => type === 'input_image')
  if (!shown || sees) return undefined
  return invalidRequest('Content type input_image is not supported with this model.', 'input')
}

function toolsForChoice(
  { tools, tool_choice: choice }: ResponsesRequest,
): ServiceError | undefined {
  if (typeof choice === 'object' && choice?.type === 'function') {
    if ((tools ?? []).some(({ name }) => name === choice.name)) return undefined
    return invalidRequest(
      `Tool choice '${choice.name}' not found in 'tools' parameter.`,
      'tool_choice',
    )
  }
  if (choice !== 'required' || (tools ?? []).length > 0) return undefined
  return invalidRequest(
    "Tool choice 'required' must be specified with 'tools' parameter.",
    'tool_choice',
  )
}

function isIn(
  items: readonly InputItem[],
  wanted: InputItem['type'],
  id: string | undefined,
): boolean {
  return items.some(({ type, call_id }) => type === wanted && call_id === id)
}

function vendorParametersOf(request: ResponsesRequest): VendorParameters {
  const { max_output_tokens: limit, text, tools, reasoning } = request
  const format = text?.format
  return {
    tools: (tools ?? []).filter(({ type }) => type === 'function')
      .map(({ name = '', parameters }) => ({ name, parameters })),
    format: format?.type === 'json_schema' ? { ...format, name: format.name ?? '' } : undefined,
    limit: typeof limit === 'number' ? { name: 'max_output_tokens', value: limit } : undefined,
    temperature: request.temperature,
    topP: request.top_p,
    effort: (reasoning?.effort ?? null) === null ? undefined : 'reasoning.effort',
    sent: Object.keys(request),
  }
}
