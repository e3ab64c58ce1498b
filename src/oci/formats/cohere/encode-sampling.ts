import type { ChatRequest, ResponseFormat } from '../../../chat/model.ts'
import type { SupportedParameters } from '../request/parameters.ts'
import type { EncodeOptions } from '../format.ts'
import { clamp } from '../request/clamp.ts'
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
  const temperature = clamp('temperature', get('temperature'), [0, 1])
  const topP = clamp('top_p', get('topP'), [0, 1])
  const topK = clamp('top_k', get('topK'), [0, 500])
  const frequencyPenalty = clamp('frequency_penalty', get('frequencyPenalty'), [0, 1])
  const presencePenalty = clamp('presence_penalty', get('presencePenalty'), [0, 1])
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

function encodeResponseFormat(
  format: ResponseFormat,
  dialect: EncodeOptions['profile']['schema'],
  budget: EncodeOptions['schemas'],
): CohereResponseFormat {
  const schema = format.type === 'json-schema' ? format.schema : undefined
  const account = { budget, owner: 'response_format' } as const
  return { type: 'JSON_OBJECT', schema: schema && cleanSchema(schema, dialect, account) }
}
