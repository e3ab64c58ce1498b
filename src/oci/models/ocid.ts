const OCID = /^ocid1\.([a-z]+)\.[a-z0-9-]+\.([a-z0-9-]*)\.[\w-]+$/

/** Oracle's limit on the length of an OCID, in characters. */
const MAX_OCID_LENGTH = 255

/** Returns the resource type of an OCID, such as `generativeaiendpoint`, or `undefined`. */
export function ocidKind(text: string): string | undefined {
  return text.length <= MAX_OCID_LENGTH ? OCID.exec(text)?.[1] : undefined
}

/** The resource type of a routing profile: a model, and the regions between which OCI chooses. */
const ROUTING_PROFILE = 'generativeairoutingprofile'

/** Whether a text is the OCID of a routing profile. */
export function isRoutingProfile(text: string): boolean {
  return ocidKind(text) === ROUTING_PROFILE
}

/** Returns the region of an OCID, an id or a short code, or `undefined` if it names none. */
export function ocidRegion(text: string): string | undefined {
  return (text.length <= MAX_OCID_LENGTH && OCID.exec(text)?.[2]) || undefined
}
