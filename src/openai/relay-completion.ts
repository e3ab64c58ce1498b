import type { ApiError } from '../errors.ts'

/** Completes one relayed answer, so that it has all members that OpenAI's specification requires. */
export interface RelayCompletion {
  /** Completes a whole answer. */
  complete(json: object): object
  /** Completes complete server-sent events. */
  completeEvents(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>
  /** Encodes an error as the last event; empty if the stream has already reported one. */
  fail(error: ApiError): string
}

/** The members of an error in a stream. */
export interface ErrorText {
  code: string | null
  message: string
  param: string | null
}

/**
 * Reads an error in a stream, in OpenAI's form (`{"error": {…}}`) or OCI's (`{"code": …, "message": …}`).
 * Returns `undefined` for anything else.
 */
export function readErrorText(json: Readonly<Record<string, unknown>>): ErrorText | undefined {
  const { error } = json
  const source = typeof error === 'object' && error !== null
    ? error as Readonly<Record<string, unknown>>
    : json
  const { code, message, param } = source
  if (typeof message !== 'string' || (source === json && code === undefined)) return undefined
  return {
    code: textOf(code),
    message,
    param: textOf(param),
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null
}
