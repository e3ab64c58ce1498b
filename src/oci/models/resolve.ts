import type { SendContext } from '../http/send.ts'
import type { LookUpModel } from './look-up.ts'
import { resolveAlias } from './names.ts'
import { type ModelProfile, modelProfile, type ProfileOverride } from './profiles.ts'
import { ocidKind } from './ocid.ts'

/** A requested model with its profile and the compartment for its calls. */
export interface ResolvedModel {
  /** OCI's name or an OCID, as it is sent to OCI. */
  model: string
  /** OCI's name, if it is known. */
  name: string | undefined
  profile: ModelProfile
  compartmentId: string
}

/** The dependencies of `resolveModel()`. */
export interface ResolveDependencies {
  aliases: ReadonlyMap<string, string>
  models: ReadonlyMap<string, ProfileOverride>
  compartmentId: string
  lookUpModel: LookUpModel
}

/** Resolves a client's model name. An OCID is looked up unless the operator configures its format. */
export async function resolveModel(
  name: string,
  oci: ResolveDependencies,
  call: SendContext & { compartmentId?: string | undefined },
): Promise<ResolvedModel> {
  const { aliases, models } = oci
  const { compartmentId = oci.compartmentId } = call
  const model = resolveAlias(name, aliases)
  const kind = ocidKind(model)
  if (kind === undefined) {
    return { model, name: model, profile: modelProfile(model, models), compartmentId }
  }
  const configured = models.get(model)
  const found = configured?.format === undefined ? await oci.lookUpModel(model, call) : undefined
  const known = modelProfile(found?.name ?? model, models, found?.vendor)
  const served = kind === 'generativeaiendpoint' ? dedicated(known) : known
  return {
    model,
    name: found?.name,
    profile: { ...served, ...configured },
    compartmentId: found?.compartmentId ?? compartmentId,
  }
}

/** The vendors whose output OCI limits to 4,000 tokens on demand, but not on dedicated clusters. */
const LIMITED_ON_DEMAND = ['meta', 'cohere']

function dedicated(profile: ModelProfile): ModelProfile {
  return LIMITED_ON_DEMAND.includes(profile.vendor)
    ? { ...profile, maxOutputTokens: profile.dedicatedMaxOutputTokens }
    : profile
}
