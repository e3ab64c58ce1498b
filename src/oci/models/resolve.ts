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
export function resolveModel(
  name: string,
  oci: ResolveDependencies,
  call: ResolvingCall,
): ResolvedModel | Promise<ResolvedModel> {
  const { compartmentId = oci.compartmentId } = call
  const model = resolveAlias(name, oci.aliases)
  const kind = ocidKind(model)
  return kind === undefined
    ? { model, name: model, profile: modelProfile(model, oci.models), compartmentId }
    : resolveOcid(model, kind, oci, { ...call, compartmentId })
}

type ResolvingCall = SendContext & { compartmentId?: string | undefined }

async function resolveOcid(
  model: string,
  kind: string,
  oci: ResolveDependencies,
  call: ResolvingCall & { compartmentId: string },
): Promise<ResolvedModel> {
  const { models } = oci
  const configured = models.get(model)
  const found = configured?.format === undefined ? await oci.lookUpModel(model, call) : undefined
  const known = modelProfile(found?.name ?? model, models, found?.vendor)
  const served = kind === 'generativeaiendpoint' ? dedicated(known) : known
  return {
    model,
    name: found?.name,
    profile: { ...served, ...configured },
    compartmentId: found?.compartmentId ?? call.compartmentId,
  }
}

/** The vendors whose output OCI limits to 4,000 tokens on demand, but not on dedicated clusters. */
const LIMITED_ON_DEMAND = ['meta', 'cohere']

function dedicated(profile: ModelProfile): ModelProfile {
  return LIMITED_ON_DEMAND.includes(profile.vendor)
    ? { ...profile, maxOutputTokens: profile.dedicatedMaxOutputTokens }
    : profile
}
