import { ApiError } from '../errors.ts'

/** Refuses a picture that is not in the request itself: addresses are never fetched. */
export function refuseWebAddress(url: string, param: string): void {
  if (/^data:image\//i.test(url)) return
  throw new ApiError(
    'unsupported_content',
    'Cannot read an image from an address: send a data URL, such as "data:image/png;base64,…"',
    { param },
  )
}
