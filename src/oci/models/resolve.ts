import type { SendContext } from '../http/send.ts'
import type { LookUpModel } from './look-up.ts'
import { resolveAlias } from './names.ts'
import { type ModelProfile, modelProfile, type ProfileOverride } from './profiles.ts'
import { ocidKind } from './ocid.ts'

/** The model a client means: what OCI calls it, what is known of it, and where it is asked. */
export interface ResolvedModel {
  /** As it is asked for: a name or an OCID. */
  model: string
  /** OCI's name of it, where that is known. */
  name: string | undefined
  profile: ModelProfile
  compartmentId: string
}

/** What a model is resolved with. */
export interface ResolveDependencies {
  aliases: ReadonlyMap<string, string>
  models: ReadonlyMap<string, ProfileOverride>
  compartmentId: string
  lookUpModel: LookUpModel
}

/** A name tells what its model is; an OCID does not, so it is looked up unless it is configured. */
export async function resolveModel(
  name: string,
  oci: ResolveDependencies,
  call: SendContext,
): Promise<ResolvedModel> {
  const { aliases, models, compartmentId } = oci
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

/** The vendors whose output OCI cuts at 4,000 tokens on demand, and only there. */
const CUT_ON_DEMAND = ['meta', 'cohere']

function dedicated(profile: ModelProfile): ModelProfile {
  return CUT_ON_DEMAND.includes(profile.vendor)
    ? { ...profile, maxOutputTokens: profile.dedicatedMaxOutputTokens }
    : profile
}
