import type { ChatRequest, Message, Part } from '../chat/model.ts'

/** What of a prompt determines how many tokens and characters OCI bills. */
export interface PromptSize {
  /** UTF-8 bytes of all text. Each token of a byte-level vocabulary has at least one. */
  bytes: number
  /** Unicode code points of all text: what a price per character counts. */
  characters: number
  /** Messages or input texts, and tools: each adds tokens of the model's template. */
  items: number
  /** Tokens of images, documents, audio and video, by constants. */
  mediaTokens: number
}

/**
 * Tokens of one image of any size: an assumption. Oracle documents at most 1,792 for Grok and about
 * 1,610 for 512 × 512 pixels of Cohere, and no maximum for Gemini and Llama.
 */
export const IMAGE_TOKENS = 4_200

/** Tokens of a document, audio or video at a web address, whose length is not known: an assumption. */
const LINKED_MEDIA_TOKENS = 20_000

/** Base64 characters for each token of a document, audio or video: an assumption. */
const BASE64_PER_TOKEN = 8

/** In a relayed body, a text of this length in a media part is its Base64 data, not its name. */
const MEDIA_TEXT_LENGTH = 1_000

const MEDIA_TYPE = /image|file|audio|video|document/

const EMPTY: PromptSize = { bytes: 0, characters: 0, items: 0, mediaTokens: 0 }
const ITEM: PromptSize = { ...EMPTY, items: 1 }

/** A number in a prompt that is given as token ids. */
const TOKEN_ID: PromptSize = { ...EMPTY, bytes: 1, characters: 1 }

/** Measures a chat request: messages, tools, schema, documents and prediction. */
export function sizeOfChat(request: ChatRequest): PromptSize {
  const { messages, tools, responseFormat, documents, prediction } = request
  const schema = responseFormat?.type === 'json-schema' ? responseFormat.schema : undefined
  return sum([
    ...messages.map(sizeOfMessage),
    ...tools.map((tool) => ({ ...sizeOfValue(tool), items: 1 })),
    ...[schema, documents, prediction].map(sizeOfValue),
  ])
}

/** Measures texts: inputs of embeddings, prompts of completions, a query and its documents. */
export function sizeOfTexts(texts: readonly string[]): PromptSize {
  return sum(texts.map((text) => ({ ...sizeOfText(text), items: 1 })))
}

/** The members of a relayed body that the model reads. */
const PROMPT_MEMBERS = ['messages', 'input', 'instructions', 'prompt', 'prediction'] as const
const SCHEMA_MEMBERS = ['tools', 'functions', 'response_format', 'text'] as const

/** Measures the body of a relayed call: Responses, Chat Completions, Completions or Embeddings. */
export function sizeOfBody(body: Readonly<Record<string, unknown>>): PromptSize {
  return sum([
    ...PROMPT_MEMBERS.map((name) => sizeOfContent(body[name])),
    ...SCHEMA_MEMBERS.map((name) => {
      const value = body[name]
      return { ...sizeOfValue(value), items: Array.isArray(value) ? value.length : 0 }
    }),
  ])
}

const NOT_ASCII = /[\u0080-\uffff]/

/** UTF-8 bytes and code points of a text. A lone surrogate is sent as U+FFFD, of three bytes. */
export function sizeOfText(text: string): PromptSize {
  let bytes = text.length
  let characters = text.length
  const start = text.search(NOT_ASCII)
  for (let index = start < 0 ? bytes : start; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    bytes += unit < 0x800 ? 1 : 2
    if (isHigh(unit) && isLow(text.charCodeAt(index + 1))) {
      // Two units are four bytes and one code point.
      characters--
      index++
    }
  }
  return { ...EMPTY, bytes, characters }
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}

function sizeOfMessage(message: Message): PromptSize {
  const parts: readonly Part[] = message.content
  const calls = message.role === 'assistant' ? message.toolCalls : []
  const texts = message.role === 'assistant' ? [message.reasoning ?? '', message.refusal ?? ''] : []
  const callTexts = calls.flatMap((call) => [call.name, call.arguments])
  return {
    ...sum([...parts.map(sizeOfPart), ...[...texts, ...callTexts].map(sizeOfText)]),
    items: 1 + calls.length,
  }
}

function sizeOfPart(part: Part): PromptSize {
  return part.type === 'text' ? sizeOfText(part.text) : sizeOfMedia(part.type, part.url)
}

function sizeOfMedia(type: string, data: string): PromptSize {
  const isLinked = /^https?:/i.test(data.slice(0, 6))
  const other = isLinked ? LINKED_MEDIA_TOKENS : Math.ceil(data.length / BASE64_PER_TOKEN)
  return { ...EMPTY, mediaTokens: type.includes('image') ? IMAGE_TOKENS : other }
}

function sizeOfValue(value: unknown): PromptSize {
  return value === undefined ? EMPTY : sizeOfText(JSON.stringify(value))
}

/** Texts at any depth, without the names of members. Parts with media are counted as media. */
function sizeOfContent(content: unknown): PromptSize {
  const total = { ...(typeof content === 'string' ? ITEM : EMPTY) }
  const pending: unknown[] = [content]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value === 'string') add(total, sizeOfText(value))
    else if (typeof value === 'number') add(total, TOKEN_ID)
    else if (Array.isArray(value)) { for (const item of value) pending.push(item) }
    else if (typeof value === 'object' && value !== null) {
      const type = 'type' in value ? String(value.type) : ''
      if ('role' in value || 'call_id' in value) add(total, ITEM)
      if (MEDIA_TYPE.test(type)) add(total, sizeOfMediaPart(type, value))
      else pending.push(...readMembers(value))
    }
  }
  return total
}

/** Members for the API, which the model does not read. */
const UNREAD_MEMBERS = new Set(['type', 'role', 'id', 'call_id', 'tool_call_id', 'status'])

function readMembers(value: object): readonly unknown[] {
  const members = Object.entries(value).filter(([name]) => !UNREAD_MEMBERS.has(name))
  return members.map(([, member]) => member)
}

function sizeOfMediaPart(type: string, part: object): PromptSize {
  const texts = Object.values(part).flatMap((member) =>
    typeof member === 'object' && member !== null ? Object.values(member) : [member]
  )
  const data = texts.filter((text) => typeof text === 'string').filter((text) =>
    text.length > MEDIA_TEXT_LENGTH || /^(https?|data):/i.test(text.slice(0, 6))
  )
  return data.length > 0 ? sum(data.map((text) => sizeOfMedia(type, text))) : sizeOfMedia(type, '')
}

function sum(sizes: readonly PromptSize[]): PromptSize {
  const total = { ...EMPTY }
  for (const size of sizes) add(total, size)
  return total
}

/** Changes the first size, so that a body of a million parts needs no more objects. */
function add(total: PromptSize, size: PromptSize): void {
  total.bytes += size.bytes
  total.characters += size.characters
  total.items += size.items
  total.mediaTokens += size.mediaTokens
}
