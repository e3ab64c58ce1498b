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

/** Limits and likelihoods, in both of Cohere's formats: brought into the ranges they allow. */
export function encodeSampling(
  request: ChatRequest,
  { take }: SupportedParameters,
  { profile, stream, schemas }: EncodeOptions,
): EncodedSampling {
  const limit = outputLimit(request, profile)
  const temperature = within('temperature', take('temperature'), 1)
  const topP = within('top_p', take('topP'), 1)
  const topK = within('top_k', take('topK'), 500)
  const frequencyPenalty = within('frequency_penalty', take('frequencyPenalty'), 1)
  const presencePenalty = within('presence_penalty', take('presencePenalty'), 1)
  const stop = take('stop')
  const format = take('responseFormat')
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
      seed: take('seed'),
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

/** A number from 0 to `most`: OpenAI's ranges are wider. */
function within(field: string, asked: number | undefined, most: number) {
  if (asked === undefined) return { value: undefined, warning: undefined }
  const value = Math.min(Math.max(asked, 0), most)
  const warning = value === asked ? undefined : `${field}: ${asked} sent as ${value}`
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
