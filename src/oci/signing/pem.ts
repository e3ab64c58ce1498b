import { type Bytes, decodeBase64 } from './bytes.ts'
import { keyError } from './key-error.ts'

/** One block of PEM text (RFC 7468, and RFC 1421 for the headers). */
export interface PemBlock {
  /** The label of the BEGIN line: `RSA PRIVATE KEY`. */
  label: string
  /** By name, in the case of the file: `DEK-Info`. */
  headers: ReadonlyMap<string, string>
  /** Base64 without white space. */
  body: string
}

/**
 * Finds the first PEM block in a text. Accepts the forms in which environment variables, secrets
 * and YAML deliver it (quotes, escaped or missing newlines, base64); ignores text around it.
 */
export function readPem(text: string): PemBlock {
  const clean = unescapeNewlines(unquote(text.trim()))
  const block = findBlock(clean) ?? findBlock(unwrapBase64(clean))
  if (block !== undefined) return block
  throw keyError('no_pem', 'Cannot read the private key: it has no "-----BEGIN" line')
}

/** Decodes the body of a block. Throws `bad_der` if it is not base64. */
export function decodePem(block: PemBlock): Bytes {
  const bytes = decodeBase64(block.body)
  if (bytes !== undefined) return bytes
  throw keyError('bad_der', `Cannot read the "${block.label}": its body is not base64`)
}

function unquote(text: string): string {
  return /^(["'])(.*)\1$/s.exec(text)?.[2]?.trim() ?? text
}

/** PEM has no backslashes, so a literal `\n` comes from a variable or from JSON. */
function unescapeNewlines(text: string): string {
  return text.replaceAll('\\r', '').replaceAll('\\n', '\n')
}

function unwrapBase64(text: string): string {
  const bytes = decodeBase64(text.replace(/\s/g, ''))
  return bytes === undefined ? '' : new TextDecoder().decode(bytes)
}

function findBlock(text: string): PemBlock | undefined {
  const [begin, label] = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text) ?? []
  if (begin === undefined || label === undefined) return undefined
  const start = text.indexOf(begin) + begin.length
  const end = text.indexOf(`-----END ${label}-----`, start)
  if (end === -1) {
    throw keyError('truncated', `Cannot read the "${label}": it has no "-----END" line`)
  }
  return { label, ...splitHeaders(text.slice(start, end)) }
}

function splitHeaders(inside: string): Omit<PemBlock, 'label'> {
  // Header values of RFC 1421 have no spaces, so this also works where newlines became spaces.
  const head = /^(\s*[A-Za-z-]+:\s*\S+)*/.exec(inside)?.[0] ?? ''
  const pairs = head.matchAll(/([A-Za-z-]{1,64}):\s*(\S+)/g)
  return {
    headers: new Map(Array.from(pairs, ([_all, name = '', value = '']) => [name, value])),
    body: inside.slice(head.length).replace(/\s/g, ''),
  }
}
