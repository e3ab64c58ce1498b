import type { ChatRequest, ResponseFormat } from '../../../chat/model.ts'
import type { SupportedParameters } from '../request/parameters.ts'
import type { EncodeOptions } from '../format.ts'
import { outputLimit } from '../request/output-limit.ts'
import { cleanSchema } from '../schema/clean.ts'
import type { CohereResponseFormat, CohereSampling } from './wire.ts'

export interface EncodedSampling {
  sampling: CohereSampling
  warnings: readonly string[]
}

/** Encodes the sampling parameters of both Cohere formats, clamped to Cohere's ranges. */
export function encodeSampling(
  request: ChatRequest,
  { get }: SupportedParameters,
  { profile, stream, schemas }: EncodeOptions,
): EncodedSampling {
  const limit = outputLimit(request, profile)
  const temperature = clamp('temperature', get('temperature'), 1)
  const topP = clamp('top_p', get('topP'), 1)
  const topK = clamp('top_k', get('topK'), 500)
  const frequencyPenalty = clamp('frequency_penalty', get('frequencyPenalty'), 1)
  const presencePenalty = clamp('presence_penalty', get('presencePenalty'), 1)
  const stop = get('stop')
  const format = get('responseFormat')
  return {
    sampling: {
      isStream: stream || undefined,
      streamOptions: stream ? { isIncludeUsage: true } : undefined,
      maxTokens: limit.tokens,
      temperature: temperature.value,
      topP: topP.value,
      topK: topK.value,
      frequencyPenalty: frequencyPenalty.value,
      presencePenalty: presencePenalty.value,
      seed: get('seed'),
      stopSequences: stop?.length ? stop : undefined,
      responseFormat: format && encodeResponseFormat(format, profile.schema, schemas),
    },
    warnings: [
      ...limit.warnings,
      ...[temperature, topP, topK, frequencyPenalty, presencePenalty]
        .flatMap(({ warning }) => warning ?? []),
    ],
  }
}

/** Clamps a number to the range from 0 to `max`: OpenAI's ranges are wider. */
function clamp(field: string, requested: number | undefined, max: number) {
  if (requested === undefined) return { value: undefined, warning: undefined }
  const value = Math.min(Math.max(requested, 0), max)
  const warning = value === requested ? undefined : `${field}: ${requested} sent as ${value}`
  return { value, warning }
}

function encodeResponseFormat(
  format: ResponseFormat,
  dialect: EncodeOptions['profile']['schema'],
  budget: EncodeOptions['schemas'],
): CohereResponseFormat {
  const schema = format.type === 'json-schema' ? format.schema : undefined
  const account = { budget, owner: 'response_format' } as const
  return { type: 'JSON_OBJECT', schema: schema && cleanSchema(schema, dialect, account) }
}
