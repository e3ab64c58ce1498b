import { geminiSchemas, strictSchemas, xaiSchemas } from '../families/schema-rules.ts'
import { isName } from '../families/tool-rules.ts'
import type { GenericChatRequest } from '../families/generic-request.ts'
import type { ServiceError } from '../service-error.ts'
import { invalidRequest } from './error.ts'

/** The parameters that vendors validate, of a chat completion or a Responses request. */
export interface VendorParameters {
  tools: readonly VendorTool[]
  /** The schema of the answer. */
  format: { name: string; schema?: unknown; strict?: boolean | null } | undefined
  /** The output limit and the name of its parameter. */
  limit: { name: string; value: number } | undefined
  temperature: number | null | undefined
  topP: number | null | undefined
  /** The name of the parameter that sets the reasoning effort, if it is set. */
  effort: string | undefined
  /** The names of all parameters of the request. */
  sent: readonly string[]
}

export interface VendorTool {
  name: string
  parameters?: unknown
}

const OPENAI_REASONING = /^openai\.(?:gpt-5|o\d)/
const XAI_REASONING = /^xai\.grok-(?:4$|code-fast|.*(?<!non)-reasoning)/
const XAI_WITHOUT_EFFORT = /^xai\.(?!grok-3-mini|grok-4\.[367])/
const MAX_TOOLS = 128

/** Finds the first error that the endpoint or the model's vendor reports. */
export function validateForVendor(
  parameters: VendorParameters,
  model: string,
): ServiceError | undefined {
  return checkTools(parameters.tools) ?? checkRanges(parameters) ??
    checkReasoning(parameters, model) ??
    checkSchemas(parameters, model)
}

function checkTools(tools: readonly VendorTool[]): ServiceError | undefined {
  if (tools.length > MAX_TOOLS) {
    return invalidRequest(
      `Invalid 'tools': array too long. Expected an array with maximum length ${MAX_TOOLS}, but ` +
        `got an array with length ${tools.length} instead.`,
      'tools',
      'array_above_max_length',
    )
  }
  const at = tools.findIndex(({ name }) => !isName(name))
  if (at < 0) return undefined
  return invalidRequest(
    `Invalid 'tools[${at}].function.name': string does not match pattern. Expected a string that ` +
      "matches the pattern '^[a-zA-Z0-9_-]+$'.",
    `tools[${at}].function.name`,
    'invalid_value',
  )
}

function checkRanges({ temperature, topP, limit }: VendorParameters): ServiceError | undefined {
  const ranges: readonly [string, number, number, number][] = [
    ['temperature', temperature ?? 1, 0, 2],
    ['top_p', topP ?? 1, 0, 1],
    [limit?.name ?? '', limit?.value ?? 1, 1, Infinity],
  ]
  const outside = ranges.find(([, value, min, most]) => value < min || value > most)
  if (!outside) return undefined
  const [name, value, min, most] = outside
  const bound = value < min ? `>= ${min}` : `<= ${most}`
  const code = value < min ? 'integer_below_min_value' : 'decimal_above_max_value'
  return invalidRequest(
    `Invalid '${name}': value out of range. Expected a value ${bound}, but got ${value} instead.`,
    name,
    code,
  )
}

function checkReasoning(parameters: VendorParameters, model: string): ServiceError | undefined {
  const { effort, limit, sent } = parameters
  if (OPENAI_REASONING.test(model)) {
    if (limit?.name === 'max_tokens') {
      return unsupported('max_tokens', " Use 'max_completion_tokens' instead.")
    }
    return checkSampling(parameters)
  }
  if (effort !== undefined && (/^openai\.gpt-4/.test(model) || XAI_WITHOUT_EFFORT.test(model))) {
    return unsupported(effort)
  }
  const unsupportedNames = ['stop', 'presence_penalty', 'frequency_penalty']
  const name = XAI_REASONING.test(model)
    ? sent.find((name) => unsupportedNames.includes(name))
    : undefined
  return name === undefined
    ? undefined
    : invalidRequest(`Argument not supported on this model: ${name}`, name)
}

function checkSampling({ temperature, topP }: VendorParameters): ServiceError | undefined {
  const [param, value] = (temperature ?? 1) === 1 ? ['top_p', topP] : ['temperature', temperature]
  if ((value ?? 1) === 1) return undefined
  return invalidRequest(
    `Unsupported value: '${param}' does not support ${value} with this model. Only the default ` +
      '(1) value is supported.',
    String(param),
    'unsupported_value',
  )
}

/** Vendors accept the same schemas on this endpoint and on the native one. */
function checkSchemas(
  { tools, format }: VendorParameters,
  model: string,
): ServiceError | undefined {
  const request: GenericChatRequest = {
    tools: tools.map(({ name, parameters }) => ({ type: 'FUNCTION', name, parameters })),
    ...(format && {
      responseFormat: {
        type: 'JSON_SCHEMA',
        jsonSchema: { ...format, isStrict: format.strict === true },
      },
    }),
  }
  if (model.startsWith('google.')) return geminiSchemas(request)
  if (model.startsWith('xai.')) return xaiSchemas(request)
  return model.startsWith('openai.') ? strictSchemas(request) : undefined
}

function unsupported(name: string, hint = ''): ServiceError {
  const message = `Unsupported parameter: '${name}' is not supported with this model.${hint}`
  return invalidRequest(message, name, 'unsupported_parameter')
}
