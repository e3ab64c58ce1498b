import * as v from 'valibot'
import { BoundedMap } from '../../bounded-map.ts'
import { ApiError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import { ocidKind } from './ocid.ts'
import { readJson } from '../http/read-json.ts'
import type { Send, SendContext } from '../http/send.ts'
import { upstreamUrl } from '../http/upstream-url.ts'

/** The dependencies of calls to OCI's control plane. */
export interface ControlPlane {
  send: Send
  /** The base URL of the control plane. */
  control: URL
  platform: Pick<Platform, 'now'>
  timeouts: {
    /** Milliseconds between two chunks. */
    idle: number
  }
}

/** The control plane's data about a model or endpoint that is configured by its OCID. */
export interface LookedUpModel {
  /** OCI's model name, such as `meta.llama-3.3-70b-instruct`. */
  name: string | undefined
  vendor: string | undefined
  /** The endpoint's own compartment, in which calls to it are made. */
  compartmentId: string | undefined
}

/** Looks up the model behind the OCID of a model or endpoint. All fields are `undefined` if it fails. */
export type LookUpModel = (ocid: string, call: SendContext) => Promise<LookedUpModel>

/** Milliseconds for which a result is cached; an endpoint's model does not change. */
const FOUND_TTL = 60 * 60 * 1000
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
    const until = now + (found.name === undefined ? MISSING_TTL : FOUND_TTL)
    cache.set(ocid, { found, until })
    return found
  }
}

const Endpoint = v.object({
  modelId: v.nullish(v.string()),
  compartmentId: v.nullish(v.string()),
})
const Model = v.object({ displayName: v.nullish(v.string()), vendor: v.nullish(v.string()) })

async function lookUpNow(
  ocid: string,
  oci: ControlPlane,
  call: SendContext,
): Promise<LookedUpModel> {
  try {
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
  collection: 'endpoints' | 'models',
  ocid: string,
  oci: ControlPlane,
  call: SendContext,
): Promise<unknown> {
  const url = upstreamUrl(oci.control, ['20231130', collection, ocid])
  const response = await oci.send({ method: 'GET', url, requestId: call.requestId }, call.signal)
  return await readJson(response, oci.timeouts.idle, call.signal)
}
