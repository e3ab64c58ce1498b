import { invalidRequest, unsupportedOperation } from '../openai/error.ts'
import { validateForVendor, type VendorParameters } from '../openai/rules.ts'
import type { ServiceError } from '../service-error.ts'
import type { ResolvedModel } from '../resolve-model.ts'
import { validateHostedTools } from './hosted-tools.ts'
import { type InputItem, itemsOf, partsOf, type ResponsesRequest, textOf } from './request.ts'

/** Rejects models without the Responses API: Llama and audio models. */
export function validateModel(model: string): ServiceError | undefined {
  const isUnsupported = /^meta\.|gpt-audio/.test(model)
  return isUnsupported ? unsupportedOperation(`no Responses of ${model}`) : undefined
}

/** Finds the first error of a request whose shape is valid; `previous` are the items it continues. */
export function validateResponses(
  request: ResponsesRequest,
  previous: readonly InputItem[],
  { model }: ResolvedModel,
): ServiceError | undefined {
  const items = [...previous, ...itemsOf(request)]
  return hasInput(request) ?? everyCallAnswered(items) ?? resultsFollowCalls(items) ??
    textsAreNotEmpty(items, model.name) ??
    imagesAreSupported(items, model.inputs.includes('IMAGE')) ??
    toolChoiceExists(request) ?? validateHostedTools(request, model.name) ??
    validateForVendor(vendorParametersOf(request), model.name)
}

function hasInput(request: ResponsesRequest): ServiceError | undefined {
  if (request.input.length > 0) return undefined
  return invalidRequest(
    "Invalid 'input': empty. Expected at least one item.",
    'input',
    'empty_array',
  )
}

function everyCallAnswered(items: readonly InputItem[]): ServiceError | undefined {
  const unanswered = items.find(({ type, call_id }) =>
    type === 'function_call' && !hasItem(items, 'function_call_output', call_id)
  )
  if (!unanswered) return undefined
  return invalidRequest(`No tool output found for function call ${unanswered.call_id}.`, 'input')
}

function resultsFollowCalls(items: readonly InputItem[]): ServiceError | undefined {
  const unmatched = items.find(({ type, call_id }, at) =>
    type === 'function_call_output' && !hasItem(items.slice(0, at), 'function_call', call_id)
  )
  if (!unmatched) return undefined
  const message = `No tool call found for function call output with call_id ${unmatched.call_id}.`
  return invalidRequest(message, 'input')
}

/** gpt-oss rejects empty texts on this endpoint. */
function textsAreNotEmpty(items: readonly InputItem[], model: string): ServiceError | undefined {
  if (!model.includes('gpt-oss')) return undefined
  const empty = items.find((item) => item.content !== undefined && textOf(item) === '')
  return empty ? invalidRequest('Message content cannot be empty', 'input') : undefined
}

function imagesAreSupported(
  items: readonly InputItem[],
  supportsImages: boolean,
): ServiceError | undefined {
  const hasImages = items.flatMap(partsOf).some(({ type }) => type === 'input_image')
  if (!hasImages || supportsImages) return undefined
  return invalidRequest('Content type input_image is not supported with this model.', 'input')
}

function toolChoiceExists(
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

function hasItem(
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
