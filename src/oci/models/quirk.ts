import type { OpenAiOperation } from '../http/openai-endpoint.ts'
import type { ModelProfile, ProfileOverride } from './profiles.ts'
import type { ValueQuirk } from './value-quirks.ts'

/** A property of a model that was inferred from rejections. `name` is for the log and `/readyz`. */
export type LearnedQuirk = ProfileQuirk | ValueQuirk | EndpointQuirk

/** The model's profile is wrong. */
export interface ProfileQuirk {
  type: 'profile'
  name: string
  change(profile: ModelProfile): ProfileOverride
}

/** OCI's OpenAI endpoint does not serve an operation for the model. */
export interface EndpointQuirk {
  type: 'endpoint'
  name: string
  operation: OpenAiOperation
}
