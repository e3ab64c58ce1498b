import { type ModelProfile, modelProfile } from '../../src/oci/models/profiles.ts'

/** Creates the profile of an unknown model; `part` overrides it. */
export function profile(part: Partial<ModelProfile> = {}): ModelProfile {
  return { ...modelProfile('unknown'), unsupportedParameters: [], ...part }
}
