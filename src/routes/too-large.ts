import { ApiError } from '../errors.ts'

/** The error of a body that is larger than a limit, before or after decoding. */
export function tooLarge(maxBytes: number, setting = 'limits.maxBodyMiB'): ApiError {
  return new ApiError(
    'request_too_large',
    `The request body is larger than ${maxBytes} bytes (${setting})`,
  )
}
