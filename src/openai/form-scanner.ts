import { ApiError } from '../errors.ts'

type Bytes = Uint8Array<ArrayBuffer>

export interface FormScannerOptions {
  /** The `content-type` of the form. */
  contentType: string
  /** Called with each text field of these names. Returns the value to send instead. */
  fields: ReadonlySet<string>
  onField(name: string, value: string): string
}

/** Bytes that pass, and how many bytes were read for them. */
interface Step {
  passed: Bytes
  read: number
}

const MAX_HEADERS = 16 * 1024
const MAX_VALUE = 64 * 1024
const [LINE_FEED, CARRIAGE_RETURN, HYPHEN] = [10, 13, 45]
const encoder = new TextEncoder()
const END_OF_HEADERS = encoder.encode('\r\n\r\n')
const LINE_BREAK = encoder.encode('\r\n')

/**
 * Reads the text fields of a multipart form while its bytes pass. Everything else passes unchanged, in
 * constant memory. Throws an `invalid_request` for a form that it cannot read.
 */
export class FormScanner {
  readonly #options: FormScannerOptions
  readonly #delimiter: Bytes
  /** Bytes that are not decided yet. The first delimiter may lack its line break. */
  #rest: Bytes = LINE_BREAK
  #state: 'content' | 'headers' | 'value' | 'end' = 'content'
  #field = ''
  #isFirst = true

  constructor(options: FormScannerOptions) {
    this.#options = options
    this.#delimiter = encoder.encode(`\r\n--${boundaryOf(options.contentType)}`)
  }

  /** Returns the bytes that may be sent now. */
  push(chunk: Bytes): Bytes {
    const passed: Bytes[] = []
    let bytes = join([this.#rest, chunk])
    for (let step = this.#step(bytes); step; step = this.#step(bytes)) {
      passed.push(step.passed)
      bytes = bytes.subarray(step.read)
    }
    this.#rest = bytes.slice()
    const all = join(passed)
    if (!this.#isFirst || all.length < LINE_BREAK.length) return all
    this.#isFirst = false
    return all.subarray(LINE_BREAK.length)
  }

  /** Returns the last bytes. */
  end(): Bytes {
    if (this.#state !== 'end') throw invalid('it does not end with its boundary')
    return this.#rest
  }

  /** Reads as much as can be decided; `undefined` if more bytes are needed. */
  #step(bytes: Bytes): Step | undefined {
    switch (this.#state) {
      case 'end':
        return bytes.length > 0 ? { passed: bytes, read: bytes.length } : undefined
      case 'content': {
        const at = find(bytes, this.#delimiter)
        if (at >= 0) return this.#enterPart(bytes, at + this.#delimiter.length)
        const safe = bytes.length - this.#delimiter.length
        return safe > 0 ? { passed: bytes.subarray(0, safe), read: safe } : undefined
      }
      case 'headers': {
        const at = find(bytes, END_OF_HEADERS)
        if (at < 0 && bytes.length > MAX_HEADERS) throw invalid('a part has no end of its headers')
        return at < 0 ? undefined : this.#enterContent(bytes, at + END_OF_HEADERS.length)
      }
      case 'value': {
        const at = find(bytes, this.#delimiter)
        if (at > MAX_VALUE || (at < 0 && bytes.length > MAX_VALUE)) {
          throw invalid(`the field "${this.#field}" is too long`)
        }
        return at < 0 ? undefined : this.#replace(bytes, at)
      }
    }
  }

  #enterPart(bytes: Bytes, read: number): Step | undefined {
    if (bytes.length < read + 2) return undefined
    this.#state = bytes[read] === HYPHEN && bytes[read + 1] === HYPHEN ? 'end' : 'headers'
    return { passed: bytes.subarray(0, read), read }
  }

  #enterContent(bytes: Bytes, read: number): Step {
    const headers = new TextDecoder().decode(bytes.subarray(0, read))
    const [first, second] = headers.matchAll(/^content-disposition:(.*)$/gim)
    const disposition = first?.[1] ?? ''
    // OCI might read such a part in another way than the gateway.
    if (second || /[;\s]name\*|\\|^content-transfer-encoding:/im.test(headers)) {
      throw invalid('the headers of a part are ambiguous')
    }
    const [, quoted, unquoted] = /;\s*name=(?:"([^"]*)"|([^\s;"]+))/i.exec(disposition) ?? []
    const name = quoted ?? unquoted ?? ''
    const bare = name.replace(/\[\d*\]$/, '')
    const isField = this.#options.fields.has(bare)
    if (isField && /;\s*filename\b/i.test(disposition)) throw invalid(`"${bare}" must be a text`)
    this.#field = bare
    this.#state = isField ? 'value' : 'content'
    return { passed: bytes.subarray(0, read), read }
  }

  #replace(bytes: Bytes, at: number): Step {
    this.#state = 'content'
    const value = new TextDecoder().decode(bytes.subarray(0, at))
    const replaced = this.#options.onField(this.#field, value)
    return {
      passed: replaced === value ? bytes.subarray(0, at) : encoder.encode(replaced),
      read: at,
    }
  }
}

/** The boundary is quoted if it has characters that need it. */
function boundaryOf(contentType: string): string {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ??
    []
  const boundary = quoted ?? bare
  if (boundary === undefined) throw invalid('its content-type has no boundary')
  return boundary
}

/** Native search for the line feed, then a comparison. Returns the offset of the carriage return. */
function find(bytes: Bytes, sought: Bytes): number {
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
    let matching = 1
    while (matching < sought.length && bytes[at + matching - 1] === sought[matching]) matching++
    if (matching < sought.length) continue
    if (bytes[at - 1] !== CARRIAGE_RETURN) throw invalid('a line ends without a carriage return')
    return at - 1
  }
  return -1
}

function join(parts: readonly Bytes[]): Bytes {
  const [only] = parts
  if (parts.length === 1 && only) return only
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function invalid(problem: string): ApiError {
  return new ApiError(
    'invalid_request',
    `The request body is not a valid multipart form: ${problem}`,
  )
}
