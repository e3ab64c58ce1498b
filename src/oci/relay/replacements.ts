import type { EncodeText } from '../../platform.ts'
import type { Steps } from '../../steps.ts'
import { serialize } from '../http/serialize.ts'

/** A difference between the request of a client and the request that OCI's OpenAI endpoint receives. */
export interface Replacement {
  /** What is replaced in the client's request. docs/models.md has the same text. */
  what: string
  /** What OCI receives instead. */
  sent: string
}

/** All differences. Every other part of the JSON is sent as received, whatever it means. */
export const REPLACEMENTS: readonly Replacement[] = [
  { what: '`model`', sent: "OCI's name or OCID for the model that the client named" },
  {
    what: 'images beyond `maxImages`, and media for a model without images, in earlier messages',
    sent: 'a text note, with a warning',
  },
  {
    what: 'a missing output limit of a key with limits, and `stream_options` with a store',
    sent: 'the limit that fits, and `include_usage`, so that the use is counted',
  },
  { what: '`data:image/jpg` in the URL of an image', sent: '`data:image/jpeg`' },
  { what: 'half of a surrogate pair in a text or key', sent: 'U+FFFD, as strict parsers require' },
  {
    what: 'a number that a double cannot represent',
    sent: 'the nearest double, or `null` beyond ±1.8e308',
  },
]

/** Serializes the client's JSON, once, with the replacements. */
export function serializeRelayed(
  body: Readonly<Record<string, unknown>>,
  model: string,
  encodeText?: EncodeText,
): Steps<Uint8Array<ArrayBuffer>> {
  return serialize({ ...body, model }, encodeText)
}
