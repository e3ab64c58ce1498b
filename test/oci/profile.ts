import { type ModelProfile, modelProfile } from '../../src/oci/models/profiles.ts'

/** A model nobody knows, of which `part` is particular. */
export function profile(part: Partial<ModelProfile> = {}): ModelProfile {
  return { ...modelProfile('unknown'), unsupportedParameters: [], ...part }
}
