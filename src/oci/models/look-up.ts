import * as v from 'valibot'
import { BoundedMap } from '../../bounded-map.ts'
import { ApiError } from '../../errors.ts'
import type { Platform } from '../../platform.ts'
import { ocidKind } from './ocid.ts'
import { readJson } from '../http/read-json.ts'
import type { Send, SendContext } from '../http/send.ts'
import { upstreamUrl } from '../http/upstream-url.ts'

/** How OCI's control plane is reached. */
export interface ControlPlane {
  send: Send
  /** Its base address. */
  control: URL
  platform: Pick<Platform, 'now'>
  /** Milliseconds. */
  timeouts: { idle: number }
}

/** What the control plane says of a model that is known by its OCID alone. */
export interface LookedUpModel {
  /** OCI's name for the model behind it: `meta.llama-3.3-70b-instruct`. */
  name: string | undefined
  vendor: string | undefined
  /** The endpoint's own compartment, in which calls to it are made. */
  compartmentId: string | undefined
}

/** Finds out what model an endpoint's or a model's OCID means; nothing when that cannot be known. */
export type LookUpModel = (ocid: string, call: SendContext) => Promise<LookedUpModel>

/** An endpoint's model does not change, but its name may have been mistyped. */
const KNOWN_FOR = 60 * 60 * 1000
const UNKNOWN_FOR = 60 * 1000
const MAX_REMEMBERED = 1_000

const ENDPOINT = 'generativeaiendpoint'
const NOTHING: LookedUpModel = { name: undefined, vendor: undefined, compartmentId: undefined }

/** Makes the look-up. It remembers what it found, and for a minute that it found nothing. */
export function createModelLookup(
  oci: ControlPlane,
): LookUpModel {
  const remembered = new BoundedMap<{ found: LookedUpModel; until: number }>({
    maxEntries: MAX_REMEMBERED,
  })
  return async function lookUp(ocid, call) {
    const now = oci.platform.now()
    const known = remembered.get(ocid)
    if (known && now < known.until) return known.found
    const found = await lookUpNow(ocid, oci, call)
    const until = now + (found.name === undefined ? UNKNOWN_FOR : KNOWN_FOR)
    remembered.set(ocid, { found, until })
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
    // Whether the chat itself works is for the chat to say: it may need fewer rights.
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
