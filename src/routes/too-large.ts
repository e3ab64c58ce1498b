import { ApiError } from '../errors.ts'

/** The error of a body that is larger than `limits.maxBodyMiB`, before or after decoding. */
export function tooLarge(maxBytes: number): ApiError {
  return new ApiError(
    'request_too_large',
    `The request body is larger than ${maxBytes} bytes (limits.maxBodyMiB)`,
  )
}
