import type { OpenAiOperation } from '../http/openai-endpoint.ts'
import type { ModelProfile, ProfileOverride } from './profiles.ts'
import type { ValueQuirk } from './value-quirks.ts'

/** What refusals taught about a model; `name` is a phrase for the log and for `/readyz`. */
export type LearnedQuirk = ProfileQuirk | ValueQuirk | EndpointQuirk

/** The model is other than its profile says. */
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
