import * as v from 'valibot'
import { lenient, parseJson } from '../json.ts'
import type { Redact } from './redact.ts'

/** The content of an error answer of OCI, without the layers around it. */
export interface ErrorBody {
  status: number
  /** The code of OCI (`NotAuthenticated`, `429`) or of the vendor (`unsupported_parameter`). */
  code: string | undefined
  /** The innermost text; empty if there is no readable one. */
  message: string
  /** The invalid parameter, in the vendor's spelling. */
  param: string | undefined
}

const Text = lenient(v.union([v.string(), v.pipe(v.number(), v.transform(String))]))
const Layer = v.object({
  code: Text,
  message: Text,
  errorMessage: Text,
  param: Text,
  error: lenient(v.union([v.string(), v.object({ code: Text, message: Text, param: Text })])),
})
type Layer = v.InferOutput<typeof Layer>

/** Vendor errors are JSON inside OCI's message, sometimes twice, sometimes after other text. */
const MAX_LAYERS = 4

/**
 * Maximum length of the text, and of a code or parameter, in UTF-16 units. The text is matched
 * against many patterns, so its length bounds the cost of an error.
 */
const [MAX_MESSAGE_LENGTH, MAX_CODE_LENGTH] = [4_000, 200]

/** Reads the innermost layer of an error answer. HTML pages are read as an empty text. */
export function readErrorBody(
  status: number,
  text: string,
  redact: Redact = (message) => message,
): ErrorBody {
  const outer: ErrorBody = { status, code: undefined, message: plainText(text), param: undefined }
  const { code, message, param } = unwrap(outer, text, MAX_LAYERS)
  return {
    status,
    code: code && redact(code).slice(0, MAX_CODE_LENGTH),
    message: redact(message).slice(0, MAX_MESSAGE_LENGTH),
    param: param && redact(param).slice(0, MAX_CODE_LENGTH),
  }
}

/** Like `readErrorBody()`, for JSON that is already parsed, such as an event of a stream. */
export function readErrorJson(status: number, json: unknown, redact?: Redact): ErrorBody {
  return readErrorBody(status, stringify(json), redact)
}

/** Serializes JSON. If it is nested too deeply for that, only the members of an error are kept. */
function stringify(json: unknown): string {
  try {
    return JSON.stringify(json) ?? ''
  } catch {
    const layer = v.safeParse(Layer, json)
    return layer.success ? JSON.stringify(layer.output) : ''
  }
}

function unwrap(body: ErrorBody, text: string, layers: number): ErrorBody {
  const layer = layers === 0 ? undefined : parseLayer(text)
  if (!layer) return body
  const inner = typeof layer.error === 'object' ? layer.error : undefined
  const message = inner?.message ?? messageOf(layer)
  const found: ErrorBody = {
    status: body.status,
    code: inner?.code ?? layer.code ?? body.code,
    message: message === undefined ? body.message : plainText(message),
    param: inner?.param ?? layer.param ?? body.param,
  }
  return message === undefined ? found : unwrap(found, message, layers - 1)
}

function messageOf(layer: Layer): string | undefined {
  if (typeof layer.error === 'string') return layer.error
  return layer.message ?? layer.errorMessage
}

function parseLayer(text: string): Layer | undefined {
  const start = text.indexOf('{')
  if (start < 0) return undefined
  const parsed = parseJson(text.slice(start)) ?? parseJson(unescapeOnce(text.slice(start)))
  const layer = v.safeParse(Layer, parsed)
  const isError = layer.success && Object.values(layer.output).some((value) => Boolean(value))
  return isError ? layer.output : undefined
}

/** Decodes a doubly encoded layer that was cut out of its quotes: `{\"code\": …}`. */
function unescapeOnce(text: string): string {
  return text.replace(/"\s*$/, '').replaceAll('\\"', '"').replaceAll('\\\\', '\\')
}

function plainText(text: string): string {
  return /^\s*<|<html/i.test(text) ? '' : text.trim()
}
