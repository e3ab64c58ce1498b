import * as v from 'valibot'
import type { ApiError } from '../../errors.ts'
import type { UpstreamResponse } from '../../platform.ts'
import { lenient, Numeric } from '../json.ts'
import { type ErrorBody, readErrorJson } from './error-body.ts'
import { decodeError, type FailedCall } from './error.ts'
import { redactorOf } from './redact.ts'
import { opcRequestId } from './response-headers.ts'

/** Whether JSON with status 200 is an error. Answers of Responses contain `"error": null`. */
export function isError(json: unknown): boolean {
  return typeof json === 'object' && json !== null && !('chatResponse' in json) &&
    (('error' in json && json.error !== null) || ('code' in json && 'message' in json))
}

/** Decodes an error in an answer with status 200. The status inside the error applies. */
export function errorInside(
  json: unknown,
  call: FailedCall,
  response: UpstreamResponse,
): ApiError {
  const redact = redactorOf(response)
  const body = readErrorJson(502, json, redact)
  const status = statusOf(json) ?? STATUSES.get(body.code ?? '') ?? 502
  const inAnswer: ErrorInAnswer = { ...body, status, isInAnswer: true }
  return decodeError(inAnswer, call, { opcRequestId: opcRequestId(response, redact) })
}

interface ErrorInAnswer extends ErrorBody {
  isInAnswer: true
}

/** Whether an error came inside an answer with status 200. */
export function isInAnswer(body: ErrorBody): boolean {
  return 'isInAnswer' in body
}

/** The statuses of OpenAI's error codes. */
const STATUSES = new Map([
  ['invalid_request', 400],
  ['invalid_prompt', 400],
  ['context_length_exceeded', 400],
  ['content_filter', 400],
  ['model_not_found', 404],
  ['rate_limit_exceeded', 429],
])

const Numbers = { code: lenient(Numeric), status: lenient(Numeric) }
const NumberedError = v.object({ ...Numbers, error: lenient(v.object(Numbers)) })

/** Reads the outermost status: in inner layers `code` is a vendor's own code. */
function statusOf(json: unknown): number | undefined {
  const { success, output } = v.safeParse(NumberedError, json)
  if (!success) return undefined
  const named = [output.code, output.status, output.error?.code, output.error?.status]
  return named.find((number) => number !== undefined && number >= 400 && number <= 599)
}
