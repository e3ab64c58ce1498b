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
const MAX_FIELDS = 1_000
const [LINE_FEED, CARRIAGE_RETURN, HYPHEN] = [10, 13, 45]
const encoder = new TextEncoder()
const END_OF_HEADERS = encoder.encode('\r\n\r\n')
const LINE_BREAK = encoder.encode('\r\n')

/**
 * Reads the text fields of a multipart form while its bytes pass. Everything else passes unchanged, in
 * constant memory. Throws an `invalid_request` for a form that it cannot read, or that another parser
 * could read in another way, because the gateway does not check a field that only OCI sees.
 */
export class FormScanner {
  readonly #options: FormScannerOptions
  readonly #delimiter: Bytes
  /** Bytes that are not decided yet. The first delimiter may lack its line break. */
  #rest: Bytes = LINE_BREAK
  #state: 'content' | 'headers' | 'value' | 'end' = 'content'
  #field = ''
  #fields = 0
  #isFirst = true
  /** Whether the undecided bytes begin with the line break before the content of a part. */
  #isPartStart = false

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
    return new Uint8Array()
  }

  /** Reads as much as can be decided; `undefined` if more bytes are needed. */
  #step(bytes: Bytes): Step | undefined {
    switch (this.#state) {
      case 'end':
        if (bytes.some(isVisible)) throw invalid('it continues after its last boundary')
        return bytes.length > 0 ? { passed: bytes, read: bytes.length } : undefined
      case 'content': {
        const at = this.#findDelimiter(bytes)
        if (at >= 0) return this.#enterPart(bytes, at + this.#delimiter.length)
        const safe = bytes.length - this.#delimiter.length
        if (safe <= 0) return undefined
        this.#isPartStart = false
        return { passed: bytes.subarray(0, safe), read: safe }
      }
      case 'headers': {
        const at = find(bytes, END_OF_HEADERS)
        if (at < 0 && bytes.length > MAX_HEADERS) throw invalid('a part has no end of its headers')
        return at < 0 ? undefined : this.#enterContent(bytes, at)
      }
      case 'value': {
        const at = this.#findDelimiter(bytes)
        if (at > MAX_VALUE || (at < 0 && bytes.length > MAX_VALUE)) {
          throw invalid(`the field "${this.#field}" is too long`)
        }
        return at < 0 ? undefined : this.#replace(bytes, at)
      }
    }
  }

  #findDelimiter(bytes: Bytes): number {
    const at = find(bytes, this.#delimiter)
    // Some parsers take this for a boundary, others for content.
    if (at === 0 && this.#isPartStart) throw invalid('a part begins with the boundary')
    return at
  }

  #enterPart(bytes: Bytes, read: number): Step | undefined {
    if (bytes.length < read + 2) return undefined
    const [first, second] = bytes.subarray(read)
    if (first === HYPHEN && second === HYPHEN) {
      this.#state = 'end'
      return { passed: bytes.subarray(0, read + 2), read: read + 2 }
    }
    if (first !== CARRIAGE_RETURN || second !== LINE_FEED) {
      throw invalid('a boundary is not followed by a line break')
    }
    this.#state = 'headers'
    return { passed: bytes.subarray(0, read), read }
  }

  /** Leaves the line break before the content, where a boundary must not begin. */
  #enterContent(bytes: Bytes, read: number): Step {
    const parameters = dispositionOf(new TextDecoder().decode(bytes.subarray(0, read)))
    const name = parameters.get('name') ?? ''
    // `file_ids[]` and `file_ids[0]` are elements of a list.
    const bare = name.split('[')[0]?.trim() ?? ''
    const isField = this.#options.fields.has(bare)
    const isFile = parameters.has('filename') || parameters.has('filename*')
    if (isField && isFile) throw invalid(`"${bare}" must be a text`)
    if (isField && ++this.#fields > MAX_FIELDS) throw invalid('it has too many fields')
    this.#field = bare
    this.#state = isField ? 'value' : 'content'
    this.#isPartStart = true
    const end = read + LINE_BREAK.length
    return { passed: bytes.subarray(0, end), read: end }
  }

  #replace(bytes: Bytes, at: number): Step {
    this.#state = 'content'
    this.#isPartStart = false
    const value = new TextDecoder().decode(bytes.subarray(LINE_BREAK.length, at))
    const replaced = this.#options.onField(this.#field, value)
    return {
      passed: replaced === value
        ? bytes.subarray(0, at)
        : join([LINE_BREAK, encoder.encode(replaced)]),
      read: at,
    }
  }
}

function isVisible(byte: number): boolean {
  return byte !== CARRIAGE_RETURN && byte !== LINE_FEED
}

/**
 * Returns the boundary of a form, which is quoted if it has characters that need it. Throws an
 * `invalid_request` for a `content-type` that OCI could read in another way, or that is not ASCII:
 * the signature covers it.
 */
export function boundaryOf(contentType: string): string {
  if (!/^[\t\x20-\x7e]*$/.test(contentType)) throw invalid('its content-type is not ASCII')
  const boundary = parametersOf(contentType, /^multipart\/form-data/i)?.get('boundary')
  if (!boundary) throw invalid('its content-type has no boundary')
  if (/^[\x20-\x7e]{1,70}$/.test(boundary)) return boundary
  throw invalid('its boundary must have 1 to 70 characters')
}

/** A line of headers: no control character, and no continuation of the line before. */
// deno-lint-ignore no-control-regex
const HEADER = /^([\w!#$%&'*+.^`|~-]+):([^\x00-\x08\x0a-\x1f\x7f]*)$/

/** Reads the `content-disposition` of a part. Throws unless every parser reads the same. */
function dispositionOf(headers: string): ReadonlyMap<string, string> {
  const lines = headers.split('\r\n').slice(1).map((line) => HEADER.exec(line))
  const named = (name: string) => lines.filter((line) => line?.[1]?.toLowerCase() === name)
  const [disposition, second] = named('content-disposition')
  const isEncoded = named('content-transfer-encoding').length > 0
  const parameters = parametersOf(disposition?.[2]?.trim() ?? '', /^form-data/i)
  const isNameEncoded = [...parameters?.keys() ?? []].some((name) => name.startsWith('name*'))
  if (parameters && !second && !isEncoded && !isNameEncoded && !lines.includes(null)) {
    return parameters
  }
  throw invalid('the headers of a part are ambiguous')
}

const PARAMETER = /[ \t]*;[ \t]*(?:([\w!#$%&'*+.^`|~-]+)=(?:"([^"\\]*)"|([^\s;"\\]*))|$)/y

/** The parameters of a header value; `undefined` if it is malformed or has one of them twice. */
function parametersOf(text: string, type: RegExp): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>()
  let at = type.exec(text)?.[0].length
  if (at === undefined) return undefined
  while (at < text.length) {
    PARAMETER.lastIndex = at
    const [whole, name, quoted, bare] = PARAMETER.exec(text) ?? []
    if (whole === undefined || (name && found.has(name.toLowerCase()))) return undefined
    if (name) found.set(name.toLowerCase(), quoted ?? bare ?? '')
    at += whole.length
  }
  return found
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
