import type { ChatRequest } from '../../../chat/model.ts'
import type { ModelProfile } from '../../models/profiles.ts'

/** A number within its range, and a warning if it is not the client's. */
export interface Clamped {
  value: number | undefined
  warning: string | undefined
}

/** Returns the nearest number within a range. `field` begins the warning. */
export function clamp(
  field: string,
  requested: number | undefined,
  [min, max]: readonly [min: number, max: number],
): Clamped {
  if (requested === undefined) return { value: undefined, warning: undefined }
  const value = Math.min(Math.max(requested, min), max)
  const warning = value === requested ? undefined : `${field}: ${requested} sent as ${value}`
  return { value, warning }
}

/** OpenAI's ranges, which all formats but Cohere's have. */
const RANGES = [
  ['temperature', 'temperature', [0, 2]],
  ['topP', 'top_p', [0, 1]],
  ['frequencyPenalty', 'frequency_penalty', [-2, 2]],
  ['presencePenalty', 'presence_penalty', [-2, 2]],
] as const

/** Clamps the sampling parameters to OpenAI's ranges. Cohere's formats clamp to their own. */
export function clampSampling(
  request: ChatRequest,
  { format, unsupportedParameters }: Pick<ModelProfile, 'format' | 'unsupportedParameters'>,
): { request: ChatRequest; warnings: readonly string[] } {
  if (format === 'COHERE' || format === 'COHEREV2') return { request, warnings: [] }
  const warnings: string[] = []
  let clamped = request
  for (const [name, field, range] of RANGES) {
    const { value, warning } = clamp(field, request[name], range)
    if (warning === undefined || unsupportedParameters.includes(name)) continue
    clamped = { ...clamped, [name]: value }
    warnings.push(warning)
  }
  return { request: clamped, warnings }
}
