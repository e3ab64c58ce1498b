import * as v from 'valibot'
import type { FinishReason } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { FAILED_FINISH } from '../../http/error.ts'
import { readFinish } from '../response/finish-reason.ts'
import type { DecodeOptions } from '../format.ts'
import { ResponseEnd } from './wire.ts'

/** Reads the finish reason of a response with `calls` tool calls. Throws when it did not complete. */
export function readEnd(
  json: unknown,
  calls: number,
  { onUnknownFinish }: DecodeOptions,
): FinishReason {
  const { success, output } = v.safeParse(ResponseEnd, json)
  const { status, incomplete_details: details }: ResponseEnd = success ? output : EMPTY
  switch (status) {
    case 'failed':
    case 'cancelled':
      // A prompt can cause it, like any finish reason that is an error.
      throw new ApiError('upstream_unavailable', `OCI reports the response as ${status}`, {
        reason: FAILED_FINISH,
      })
    case 'queued':
    case 'in_progress':
      throw new ApiError('upstream_incomplete', 'OCI returned a response that is not finished')
    case 'incomplete':
      return readFinish({ finishReason: details?.reason || 'length' }, calls, onUnknownFinish)
  }
  return readFinish({ finishReason: 'stop' }, calls, onUnknownFinish)
}

const EMPTY: ResponseEnd = { status: undefined, incomplete_details: undefined }
