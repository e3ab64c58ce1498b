import * as v from 'valibot'
import { lenient } from '../json.ts'
import type { Redact } from './redact.ts'

/** What an error answer of OCI says, whatever it was wrapped in. */
export interface ErrorBody {
  status: number
  /** OCI's word (`NotAuthenticated`, `429`) or the vendor's (`unsupported_parameter`). */
  code: string | undefined
  /** The innermost text; empty when there is none that a person could read. */
  message: string
  /** The parameter at fault, in the vendor's spelling. */
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

/** Vendors wrap their JSON in OCI's message, sometimes twice, sometimes behind a few words. */
const MOST_LAYERS = 4

/**
 * Longest text and longest code or parameter that is kept, in UTF-16 units. The text is matched
 * against many patterns, so that its length limits what an error costs.
 */
const [MAX_MESSAGE_LENGTH, MAX_WORD_LENGTH] = [4_000, 200]

/** Reads an error answer down to its innermost layer; a page of HTML has no text worth keeping. */
export function readErrorBody(
  status: number,
  text: string,
  redact: Redact = (message) => message,
): ErrorBody {
  const outer: ErrorBody = { status, code: undefined, message: plainText(text), param: undefined }
  const { code, message, param } = peel(outer, text, MOST_LAYERS)
  return {
    status,
    code: code && redact(code).slice(0, MAX_WORD_LENGTH),
    message: redact(message).slice(0, MAX_MESSAGE_LENGTH),
    param: param && redact(param).slice(0, MAX_WORD_LENGTH),
  }
}

/** The same for JSON that is already parsed, such as an event in a stream. */
export function readErrorJson(status: number, json: unknown, redact?: Redact): ErrorBody {
  return readErrorBody(status, stringify(json), redact)
}

/** Of JSON that is nested too deeply to be written again, only what an error consists of. */
function stringify(json: unknown): string {
  try {
    return JSON.stringify(json) ?? ''
  } catch {
    const layer = v.safeParse(Layer, json)
    return layer.success ? JSON.stringify(layer.output) : ''
  }
}

function peel(body: ErrorBody, text: string, layers: number): ErrorBody {
  const layer = layers === 0 ? undefined : parseLayer(text)
  if (!layer) return body
  const inner = typeof layer.error === 'object' ? layer.error : undefined
  const message = inner?.message ?? wordsOf(layer)
  const found: ErrorBody = {
    status: body.status,
    code: inner?.code ?? layer.code ?? body.code,
    message: message === undefined ? body.message : plainText(message),
    param: inner?.param ?? layer.param ?? body.param,
  }
  return message === undefined ? found : peel(found, message, layers - 1)
}

function wordsOf(layer: Layer): string | undefined {
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A doubly encoded layer cut out of its quotes: `{\"code\": …}`. */
function unescapeOnce(text: string): string {
  return text.replace(/"\s*$/, '').replaceAll('\\"', '"').replaceAll('\\\\', '\\')
}

function plainText(text: string): string {
  return /^\s*<|<html/i.test(text) ? '' : text.trim()
}
