import type { UpstreamResponse } from '../../platform.ts'
import { withTimeout } from '../../timeout.ts'
import { isReadable } from './response-headers.ts'

/** Error texts are shorter than this. */
const MAX_BYTES = 64 * 1024

/** Milliseconds. The status is already known, so a slow text is not worth a longer wait. */
const TIMEOUT = 2_000

/**
 * Reads the text of an error answer, as far as it arrives in time. Empty if it is encoded in a way that
 * cannot be read. Never rejects.
 */
export async function readErrorText(
  response: Pick<UpstreamResponse, 'body' | 'headers'>,
): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  if (!isReadable(response)) {
    void reader.cancel().catch(() => {})
    return ''
  }
  const decoder = new TextDecoder()
  let text = ''
  const read = async () => {
    for (let bytes = 0; bytes < MAX_BYTES;) {
      const { done, value } = await reader.read()
      text += decoder.decode(value, { stream: !done })
      if (done) return
      bytes += value.length
    }
  }
  // A connection that fails leaves the text that has arrived.
  await withTimeout(TIMEOUT, read()).catch(() => {})
  void reader.cancel().catch(() => {})
  return text
}
