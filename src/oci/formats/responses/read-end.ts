import * as v from 'valibot'
import type { FinishReason } from '../../../chat/model.ts'
import { ApiError } from '../../../errors.ts'
import { FAILED_FINISH } from '../../http/error.ts'
import { readFinish } from '../response/finish-reason.ts'
import type { DecodeOptions } from '../format.ts'
import { ResponseEnd } from './wire.ts'

/** Why a response with so many calls ended; one that failed or never ended is thrown. */
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
      // A prompt can provoke it, as any failed finish.
      throw new ApiError('upstream_unavailable', `Cannot complete the answer: it was ${status}`, {
        reason: FAILED_FINISH,
      })
    case 'queued':
    case 'in_progress':
      throw new ApiError('upstream_incomplete', 'Cannot read the answer: it is not finished')
    case 'incomplete':
      return readFinish({ finishReason: details?.reason || 'length' }, calls, onUnknownFinish)
  }
  return readFinish({ finishReason: 'stop' }, calls, onUnknownFinish)
}

const EMPTY: ResponseEnd = { status: undefined, incomplete_details: undefined }
