import { resolve } from 'node:path'
import { messageFor } from '../../entry/exit-codes.ts'
import { ApiError } from '../../errors.ts'
import type { Host } from '../host.ts'
import { usageError } from '../usage-error.ts'

/** A message of the conversation, in OpenAI's format. */
export interface ChatMessage {
  role: 'system' | 'user' | 'assistant'
  content: string | readonly object[]
}

/** The flags of `chat` that become members of the request. */
export interface ChatFlags {
  system: string | undefined
  'max-tokens': number | undefined
  temperature: string | undefined
  'reasoning-effort': string | undefined
  'no-stream': boolean
}

/** The request without its messages. */
export function requestSettings(model: string, flags: ChatFlags): object {
  const { temperature, 'max-tokens': limit, 'reasoning-effort': effort } = flags
  return {
    model,
    ...(flags['no-stream'] ? {} : { stream: true, stream_options: { include_usage: true } }),
    ...(limit !== undefined && { max_completion_tokens: limit }),
    ...(temperature !== undefined && { temperature: readNumber('--temperature', temperature) }),
    ...(effort !== undefined && { reasoning_effort: effort }),
  }
}

/** The messages before the first one of the user. */
export function systemMessages({ system }: ChatFlags): readonly ChatMessage[] {
  return system === undefined ? [] : [{ role: 'system', content: system }]
}

/** A message of the user with images, which are data URLs. */
export function userMessage(text: string, images: readonly string[]): ChatMessage {
  if (images.length === 0) return { role: 'user', content: text }
  return {
    role: 'user',
    content: [
      ...images.map((url) => ({ type: 'image_url', image_url: { url } })),
      { type: 'text', text },
    ],
  }
}

/** Reads images from files, relative to the current directory, as data URLs. */
export function readImages(
  paths: readonly string[],
  { files, cwd }: Pick<Host, 'files' | 'cwd'>,
): Promise<readonly string[]> {
  return Promise.all(paths.map(async (path) => {
    const bytes = await files.readBytes(resolve(cwd, path)).catch((error: unknown) => {
      throw unreadable(path, messageFor(error))
    })
    if (bytes === undefined) throw unreadable(path, 'the file does not exist')
    const type = imageType(bytes)
    if (type === undefined) throw unreadable(path, 'it is not a PNG, JPEG, GIF or WebP image')
    return `data:${type};base64,${Buffer.from(bytes).toString('base64')}`
  }))
}

/** The first bytes of each image type, as Latin-1. */
const SIGNATURES: readonly (readonly [start: RegExp, type: string])[] = [
  [/^\x89PNG/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8/, 'image/gif'],
  [/^RIFF.{4}WEBP/s, 'image/webp'],
]

function imageType(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12))
  return SIGNATURES.find(([signature]) => signature.test(start))?.[1]
}

function unreadable(path: string, problem: string): ApiError {
  return new ApiError('invalid_request', `Cannot read the image ${path}: ${problem}`)
}

function readNumber(flag: string, text: string): number {
  const number = Number(text)
  if (text.trim() === '' || !Number.isFinite(number)) throw usageError(`${flag} must be a number`)
  return number
}
