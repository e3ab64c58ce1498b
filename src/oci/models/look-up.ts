import * as v from 'valibot'
import { BoundedMap } from '../../bounded-map.ts'
import { ApiError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import { isRoutingProfile, ocidKind } from './ocid.ts'
import { readJson } from '../http/read-json.ts'
import type { Send, SendContext } from '../http/send.ts'
import { upstreamUrl } from '../http/upstream-url.ts'

/** The dependencies of calls to OCI's control plane. */
export interface ControlPlane {
  send: Send
  /** The base URL of the control plane. */
  control: URL
  /** The base URL in the region of an OCID. Default: `control`. */
  controlOf?: ((ocid: string) => URL) | undefined
  platform: Pick<Platform, 'now'>
  timeouts: {
    /** Milliseconds between two chunks. */
    idle: number
  }
}

/** The control plane's data about a model, an endpoint or a routing profile that an OCID names. */
export interface LookedUpModel {
  /** OCI's model name, such as `meta.llama-3.3-70b-instruct`. */
  name: string | undefined
  vendor: string | undefined
  /** The endpoint's own compartment, in which calls to it are made. */
  compartmentId: string | undefined
}

/** Looks up the model that an OCID stands for. All fields are `undefined` if it fails. */
export type LookUpModel = (ocid: string, call: SendContext) => Promise<LookedUpModel>

/** Milliseconds for which a result is cached; an endpoint's model does not change. */
const FOUND_TTL = 60 * 60 * 1000
/** The same for a routing profile, whose model may be changed. */
const PROFILE_TTL = 5 * 60 * 1000
/** Milliseconds for which a failure is cached. */
const MISSING_TTL = 60 * 1000
const MAX_ENTRIES = 1_000

const ENDPOINT = 'generativeaiendpoint'
const NOTHING: LookedUpModel = { name: undefined, vendor: undefined, compartmentId: undefined }

/** Creates the look-up with a cache of results and, for a minute, of failures. */
export function createModelLookup(oci: ControlPlane): LookUpModel {
  const cache = new BoundedMap<{ found: LookedUpModel; until: number }>({
    maxEntries: MAX_ENTRIES,
  })
  return async function lookUp(ocid, call) {
    const now = oci.platform.now()
    const known = cache.get(ocid)
    if (known && now < known.until) return known.found
    const found = await lookUpNow(ocid, oci, call)
    const foundTtl = isRoutingProfile(ocid) ? PROFILE_TTL : FOUND_TTL
    cache.set(ocid, { found, until: now + (found.name === undefined ? MISSING_TTL : foundTtl) })
    return found
  }
}

const Endpoint = v.object({
  modelId: v.nullish(v.string()),
  compartmentId: v.nullish(v.string()),
})
const Model = v.object({ displayName: v.nullish(v.string()), vendor: v.nullish(v.string()) })
const RoutingProfile = v.object({
  modelRoutingPolicy: v.nullish(v.object({ allowedModels: v.nullish(v.array(v.string())) })),
})

async function lookUpNow(
  ocid: string,
  oci: ControlPlane,
  call: SendContext,
): Promise<LookedUpModel> {
  try {
    if (isRoutingProfile(ocid)) return await readProfile(ocid, oci, call)
    if (ocidKind(ocid) !== ENDPOINT) return await readModel(ocid, NOTHING, oci, call)
    const endpoint = v.parse(Endpoint, await read('endpoints', ocid, oci, call))
    const found = { ...NOTHING, compartmentId: endpoint.compartmentId ?? undefined }
    if (!endpoint.modelId) return found
    return await readModel(endpoint.modelId, found, oci, call)
  } catch (error) {
    // The chat itself may need fewer permissions, so it is still sent.
    if (error instanceof ApiError && error.code === 'client_closed') throw error
    return NOTHING
  }
}

/** A profile has one model. If it has several, the answer shows which one was used. */
async function readProfile(
  ocid: string,
  oci: ControlPlane,
  call: SendContext,
): Promise<LookedUpModel> {
  const profile = v.parse(RoutingProfile, await read('routingProfiles', ocid, oci, call))
  const [only, ...others] = profile.modelRoutingPolicy?.allowedModels ?? []
  if (only === undefined || others.length > 0) return NOTHING
  return ocidKind(only) === undefined
    ? { ...NOTHING, name: only.toLowerCase() }
    : await readModel(only, NOTHING, oci, call)
}

async function readModel(
  ocid: string,
  found: LookedUpModel,
  oci: ControlPlane,
  call: SendContext,
): Promise<LookedUpModel> {
  if (ocidKind(ocid) === undefined) return found
  const { displayName, vendor } = v.parse(Model, await read('models', ocid, oci, call))
  return {
    ...found,
    name: displayName?.toLowerCase() ?? undefined,
    vendor: vendor?.toLowerCase() ?? undefined,
  }
}

async function read(
  collection: 'endpoints' | 'models' | 'routingProfiles',
  ocid: string,
  oci: ControlPlane,
  call: SendContext,
): Promise<unknown> {
  const control = oci.controlOf?.(ocid) ?? oci.control
  const url = upstreamUrl(control, ['20231130', collection, ocid])
  const response = await oci.send({ method: 'GET', url, requestId: call.requestId }, call.signal)
  return await readJson(response, oci.timeouts.idle, call.signal)
}
