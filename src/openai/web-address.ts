import { isRawBase64, missingPrefix } from '../chat/raw-base64.ts'
import { ApiError } from '../errors.ts'

/** Rejects an image that is not a data URL. The gateway never fetches addresses. */
export function rejectWebAddress(url: string, param: string): void {
  if (/^data:image\//i.test(url)) return
  throw new ApiError(
    'unsupported_content',
    isRawBase64(url)
      ? missingPrefix('image')
      : 'Image addresses are not supported. Send a data URL such as "data:image/png;base64,…"',
    { param },
  )
}
