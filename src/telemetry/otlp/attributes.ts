import type { AttributeValue } from '../trace/spans.ts'

/** An attribute in the JSON form of OTLP, where a 64-bit integer is a string. */
export interface KeyValue {
  key: string
  value: { stringValue: string } | { boolValue: boolean } | { intValue: string } | {
    doubleValue: number
  }
}

/** What produces telemetry, such as `service.name`. */
export type Resource = Readonly<Record<string, AttributeValue>>

/** Longest text of an attribute, in UTF-16 units. */
const MAX_TEXT_LENGTH = 256

/** Encodes attributes. `undefined` and numbers that JSON does not have are left out. */
export function encodeAttributes(
  attributes: Readonly<Record<string, AttributeValue>>,
): KeyValue[] {
  const encoded: KeyValue[] = []
  for (const [key, value] of Object.entries(attributes)) {
    switch (typeof value) {
      case 'string':
        encoded.push({ key, value: { stringValue: cleanText(value) } })
        break
      case 'boolean':
        encoded.push({ key, value: { boolValue: value } })
        break
      case 'number':
        if (Number.isFinite(value)) encoded.push({ key, value: encodeNumber(value) })
        break
      case 'undefined':
        break
    }
  }
  return encoded
}

function encodeNumber(value: number): KeyValue['value'] {
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}

/** Cuts a text. Lone surrogates have no encoding in UTF-8. */
export function cleanText(text: string): string {
  return text.slice(0, MAX_TEXT_LENGTH).toWellFormed()
}

/** Milliseconds since the epoch as nanoseconds, a 64-bit integer. */
export function toNanoseconds(milliseconds: number): string {
  return `${Math.max(0, Math.round(milliseconds))}000000`
}
