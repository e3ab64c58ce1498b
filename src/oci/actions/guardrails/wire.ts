import * as v from 'valibot'
import { lenient, Numeric } from '../../json.ts'

/** Every field that is sent to `POST /20231130/actions/applyGuardrails`. */
export interface ApplyGuardrailsDetails {
  compartmentId: string
  /** One text or image; OCI ignores `multimodalInput` next to it. */
  input: GuardrailsInput | undefined
  multimodalInput: readonly GuardrailsInput[] | undefined
  guardrailConfigs: GuardrailConfigs
}

export type GuardrailsInput =
  | { type: 'TEXT'; content: string }
  | { type: 'IMAGE'; imageUrl: { url: string } }

export interface GuardrailConfigs {
  contentModerationConfig: { categories: readonly string[] }
  personallyIdentifiableInformationConfig: { types: readonly string[] } | undefined
  promptInjectionConfig: Readonly<Record<string, never>>
}

const Modalities = lenient(v.array(v.string()))

/** What is read of the response. */
export const ApplyGuardrailsResult = v.object({
  results: v.object({
    contentModeration: v.nullish(v.object({
      categories: v.array(v.object({
        name: v.string(),
        score: Numeric,
        flaggedModalities: Modalities,
      })),
    })),
    personallyIdentifiableInformation: v.nullish(v.array(v.object({
      offset: Numeric,
      length: Numeric,
      text: v.string(),
      label: v.string(),
      score: Numeric,
    }))),
    promptInjection: v.nullish(v.object({ score: Numeric, flaggedModalities: Modalities })),
  }),
  guardrailVersion: lenient(v.object({ version: lenient(v.string()) })),
})
export type ApplyGuardrailsResult = v.InferOutput<typeof ApplyGuardrailsResult>
