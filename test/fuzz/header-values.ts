import fc from 'fast-check'

/** Headers that the gateway or one of its libraries reads. */
export const HEADER_NAMES = [
  ...['authorization', 'x-api-key', 'api-key', 'content-type', 'accept', 'accept-encoding'],
  ...['x-request-id', 'x-client-request-id', 'opc-request-id', 'opc-retry-token', 'traceparent'],
  ...['idempotency-key', 'anthropic-version', 'anthropic-beta', 'openai-organization'],
  ...['origin', 'cookie', 'user-agent', 'referer', 'x-forwarded-for', 'x-forwarded-host'],
  ...['x-forwarded-proto', 'forwarded', 'date', 'range', 'if-none-match', 'x-oci-region'],
] as const

const KEY = 'fuzz-key-1'
/** The API key of the gateway under test. */
export const FUZZ_KEY = KEY

const plausible = fc.constantFrom(
  ...[`Bearer ${KEY}`, `bearer ${KEY}`, `Bearer  ${KEY}`, `Bearer ${KEY},x`, 'Bearer', 'Bearer '],
  ...[KEY, 'Basic Og==', 'application/json', 'application/json; charset=utf-16', 'text/plain'],
  ...['multipart/form-data; boundary=x', 'application/json;;;', '*/*', 'text/event-stream'],
  ...['2023-06-01', '00-0-0-0', 'http://evil.example', 'null', 'a'.repeat(300), '9'.repeat(40)],
  ...['127.0.0.1', '[::1]', 'for="[::1]"', 'bytes=0-', 'gzip;q=0', '%0d%0a', 'chunked', '"', '\\'],
)

/** Bytes that HTTP allows in a value: white space, printable characters, and the upper half. */
const legal = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
    { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }) },
    { weight: 1, arbitrary: fc.constant(0x09) },
  ),
  { maxLength: 60 },
).map((bytes) => String.fromCharCode(...bytes))

/** A header value that `fetch` accepts. */
export const headerValue: fc.Arbitrary<string> = fc.oneof(
  plausible,
  legal,
  fc.tuple(plausible, legal).map((parts) => parts.join('')),
)

/** A value as raw bytes in Latin-1, which may contain forbidden bytes except line breaks. */
export const rawHeaderValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: headerValue },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.integer({ min: 0, max: 0xff }).filter((byte) => byte !== 0x0a && byte !== 0x0d),
      { maxLength: 40 },
    ).map((bytes) => String.fromCharCode(...bytes)),
  },
)
