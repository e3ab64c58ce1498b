import type { JsonObject } from '../../json-object.ts'
import { FILE_ID_ADVICE } from '../../chat/file-ids.ts'
import { readDetail } from '../../chat/image-detail.ts'
import type { MediaPart, Part, TextPart } from '../../chat/model.ts'
import { asObject, asText, describeType, toText } from '../loose-json.ts'

/** Content that could not be decoded, as an error would describe it. */
export interface Loss {
  param: string
  message: string
  /** Whether the newest input is rejected although it has other content. */
  isFatal?: boolean | undefined
}

export interface DecodedContent {
  parts: readonly Part[]
  /** The text of refusals, which are not among the parts. */
  refusal: string
  /** The first loss. */
  loss: Loss | undefined
  /** Whether a part has content of the client, not only a note about what was left out. */
  isUsable: boolean
}

/** Reports what was left out or changed: a text that begins with the field. */
export type Warn = (warning: string) => void

interface DecodedPart {
  part?: Part | undefined
  refusal?: string | undefined
  loss?: Loss | undefined
  /** Whether the part only says what was left out. */
  isNote?: boolean | undefined
}

/** Decodes the content of a message: a text, a part or a list of parts. `at` is its field. */
export function decodeContent(content: unknown, at: string, warn: Warn): DecodedContent {
  if (content === undefined || content === null) return join([])
  if (typeof content === 'string') return join(content === '' ? [] : [{ part: textPart(content) }])
  const isList = Array.isArray(content)
  const list: readonly unknown[] = isList ? content : [content]
  return join(list.map((part, index) => decodePart(part, isList ? `${at}[${index}]` : at, warn)))
}

/** Decodes text-only content, of the system or the assistant. Media become a note. */
export function decodeTexts(
  content: unknown,
  at: string,
  warn: Warn,
): DecodedContent & { parts: readonly TextPart[] } {
  const decoded = decodeContent(content, at, warn)
  const parts = decoded.parts.map((part): TextPart => {
    if (part.type === 'text') return part
    warn(`${part.param}: ${part.type} parts are allowed in user messages and tool outputs only`)
    return textPart(`[${part.type} omitted]`)
  })
  return { ...decoded, parts }
}

/** Decodes the output of a tool. An output of unknown shape becomes JSON text, so none is lost. */
export function decodeOutput(output: unknown, at: string, warn: Warn): readonly Part[] {
  const isParts = Array.isArray(output) ? output.some(isPart) : isPart(output)
  if (!isParts) {
    const text = toText(output)
    return text === '' || text === '[]' ? [] : [textPart(text)]
  }
  if (!Array.isArray(output)) return decodeOutputPart(output, at, warn)
  return output.flatMap((part, index) => decodeOutputPart(part, `${at}[${index}]`, warn))
}

function decodeOutputPart(part: unknown, at: string, warn: Warn): readonly Part[] {
  if (typeof part === 'string') return [textPart(part)]
  const fields = asObject(part) ?? {}
  const { part: decoded, refusal } = DECODERS.get(fields['type'])?.(fields, at, warn) ?? {}
  if (decoded) return [decoded]
  if (refusal !== undefined) return [textPart(refusal)]
  warn(`${at}: content part of type ${describeType(part)} is not supported, sent as JSON text`)
  const text = toText(part)
  return text === '' ? [] : [textPart(text)]
}

function join(parts: readonly DecodedPart[]): DecodedContent {
  return {
    parts: parts.flatMap(({ part }) => part ? [part] : []),
    refusal: parts.map(({ refusal = '' }) => refusal).join(''),
    loss: (parts.find(({ loss }) => loss?.isFatal) ?? parts.find(({ loss }) => loss))?.loss,
    isUsable: parts.some(({ part, isNote = false }) =>
      part !== undefined && !isNote && !(part.type === 'text' && part.text === '')
    ),
  }
}

type PartDecoder = (part: JsonObject, at: string, warn: Warn) => DecodedPart | undefined

/** The types of parts of all of OpenAI's APIs. A decoder returns `undefined` for unusable members. */
const DECODERS = new Map<unknown, PartDecoder>([
  ...['input_text', 'output_text', 'text', 'summary_text', 'reasoning_text']
    .map((type) => [type, decodeText] as const),
  ['refusal', ({ refusal }) => typeof refusal === 'string' ? { refusal } : undefined],
  ...['input_image', 'output_image', 'image', 'image_url', 'computer_screenshot']
    .map((type) => [type, decodeImage] as const),
  ...['input_file', 'file'].map((type) => [type, decodeFile] as const),
  ...['input_audio', 'output_audio', 'audio'].map((type) => [type, decodeAudio] as const),
])

function isPart(value: unknown): boolean {
  const fields = asObject(value)
  return fields !== undefined && DECODERS.has(fields['type'])
}

function decodePart(part: unknown, at: string, warn: Warn): DecodedPart {
  if (typeof part === 'string') return { part: textPart(part) }
  const fields = asObject(part) ?? {}
  const decoded = DECODERS.get(fields['type'])?.(fields, at, warn)
  if (decoded) return decoded
  const text = readableText(fields)
  const description = `content part of type ${describeType(part)} is not supported`
  if (text !== '') {
    warn(`${at}: ${description}, sent as text`)
    return { part: textPart(text) }
  }
  warn(`${at}: ${description}, left out`)
  return { loss: { param: at, message: `${at}: ${description}` } }
}

/** Members of unknown parts and items that hold text. */
const TEXT_MEMBERS = ['text', 'content', 'transcript', 'refusal', 'message', 'value'] as const

/** Returns the first text among the members of an unknown part or item; empty if there is none. */
export function readableText(fields: JsonObject): string {
  for (const member of TEXT_MEMBERS) {
    const text = asText(fields[member])
    if (text !== '') return text
  }
  // The Assistants API has the text in an object.
  return asText(asObject(fields['text'])?.['value'])
}

function decodeText({ text }: JsonObject): DecodedPart | undefined {
  return typeof text === 'string' ? { part: textPart(text) } : undefined
}

function decodeImage(part: JsonObject, param: string, warn: Warn): DecodedPart | undefined {
  const url = asText(part['image_url']) || asText(asObject(part['image_url'])?.['url'])
  if (url !== '') {
    const detail = readDetail(part['detail'], `${param}.detail`)
    return { part: { ...media('image', url, param), ...detail } }
  }
  return fileIdOmitted(part, { what: 'image', member: 'image_url', param }, warn)
}

function decodeFile(part: JsonObject, param: string, warn: Warn): DecodedPart | undefined {
  const file = asObject(part['file']) ?? part
  const url = asText(file['file_data']) || asText(file['file_url'])
  if (url !== '') return { part: media('document', url, param) }
  return fileIdOmitted(file, { what: 'file', member: 'file_data', param }, warn)
}

function decodeAudio(part: JsonObject, param: string): DecodedPart | undefined {
  const { data, format } = asObject(part['input_audio']) ?? part
  if (typeof data !== 'string' || data === '') return undefined
  const isUrl = data.startsWith('data:')
  if (!isUrl && (typeof format !== 'string' || format === '')) return undefined
  return { part: media('audio', isUrl ? data : `data:audio/${format};base64,${data}`, param) }
}

function fileIdOmitted(
  part: JsonObject,
  { what, member, param }: { what: 'image' | 'file'; member: string; param: string },
  warn: Warn,
): DecodedPart | undefined {
  if (asText(part['file_id']) === '') return undefined
  const article = what === 'image' ? 'an' : 'a'
  const message =
    `File ids are not supported for this model. Send ${article} ${what} in "${member}" as a data ` +
    `URL. ${FILE_ID_ADVICE}`
  warn(`${param}: file ids are not supported, ${what} left out`)
  return {
    part: textPart(`[${what} omitted: file ids are not supported]`),
    isNote: true,
    loss: { param: `${param}.file_id`, message, isFatal: true },
  }
}

function media(type: MediaPart['type'], url: string, param: string): MediaPart {
  return { type, url, param }
}

function textPart(text: string): TextPart {
  return { type: 'text', text }
}
