import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { CLIENT_KEY } from '../canaries.ts'
import type { ClientStep } from '../client.ts'
import { ASKED, type Row, type RowRequest } from '../row.ts'
import { reply, whole } from '../script.ts'

const OK = whole(200, reply('Hello'))
const RIGHT = { status: 200, text: 'Hello' }
const TOO_LARGE = { status: 413, code: 'request_too_large', deliveries: [0, 0] } as const
const CORRUPT = {
  ...{ status: 400, code: 'invalid_request', deliveries: [0, 0] } as const,
  raw: /incomplete/,
}
/** More than the permits of its gateway: later requests would be a 503 if one were kept. */
const REPEATED = { times: 20 }
const FAST = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }
const BLANK = new Uint8Array(128 * 2 ** 20).fill(32)

/** Request bodies with `content-encoding`, and upgrades of the connection. */
export const ENCODINGS: readonly Row[] = [
  ...([
    ['a', 'gzip', (text: string) => gzipSync(text)],
    ['b', 'deflate', (text: string) => deflateSync(text)],
    ['c', 'br', (text: string) => brotliCompressSync(text)],
    ['d', 'zstd', (text: string) => zstdCompressSync(text)],
  ] as const).map(([letter, encoding, encode]): Row => ({
    id: `F-C18${letter}`,
    title: `a request body in ${encoding}, byte by byte`,
    script: [OK],
    request: drip(encoding, encode(chat(`c18${letter}`)), 0),
    expect: RIGHT,
  })),
  ...([
    ['e', 'gzip', gzipSync(BLANK)],
    ['f', 'br', brotliCompressSync(BLANK, FAST)],
    ['g', 'zstd', zstdCompressSync(BLANK)],
  ] as const).map(([letter, encoding, bomb]): Row => ({
    id: `F-C18${letter}`,
    title: `20 bodies in ${encoding} of ${kib(bomb)} KiB that decode to 128 MiB`,
    heavy: true,
    gateway: 'lowLimits',
    request: { ...encoded(encoding, bomb), ...REPEATED },
    expect: { ...TOO_LARGE, grows: 64 },
  })),
  {
    id: 'F-C18h',
    title: '20 truncated gzip bodies',
    gateway: 'lowLimits',
    request: { ...encoded('gzip', gzipSync(chat('c18h')).subarray(0, -9)), ...REPEATED },
    expect: CORRUPT,
  },
  {
    id: 'F-C18i',
    title: '20 truncated zstd bodies',
    gateway: 'lowLimits',
    request: { ...encoded('zstd', zstdCompressSync(chat('c18i')).subarray(0, -9)), ...REPEATED },
    expect: CORRUPT,
  },
  {
    id: 'F-C18j',
    title: '20 bodies that are not in the encoding they claim',
    gateway: 'lowLimits',
    request: { ...encoded('gzip', chat('c18j')), ...REPEATED },
    expect: CORRUPT,
  },
  {
    id: 'F-C18k',
    title: '20 bodies in an unknown encoding',
    gateway: 'lowLimits',
    request: { ...encoded('compress', chat('c18k')), ...REPEATED },
    expect: {
      ...{ status: 415, code: 'unsupported_media_type', deliveries: [0, 0] } as const,
      headers: { 'accept-encoding': /^gzip, deflate, br, zstd$/ },
    },
  },
  {
    id: 'F-C18l',
    title: 'an encoded request body that is too slow',
    gateway: 'shortTimeouts',
    request: drip('gzip', gzipSync(chat('c18l')), 2_000),
    expect: { status: 408, code: 'request_timeout', deliveries: [0, 0] },
  },
  {
    id: 'F-C18m',
    title: '20 clients leave within an encoded request body',
    gateway: 'lowLimits',
    request: {
      ...REPEATED,
      steps: [
        { do: 'wait-for', condition: { type: 'ready' } },
        { do: 'send', bytes: head('gzip', 5_000) },
        { do: 'send', bytes: gzipSync(chat('c18m')).subarray(0, 40) },
        { do: 'wait', ms: 20 },
        { do: 'fin' },
      ],
    },
    expect: { ends: 'left', deliveries: [0, 0] },
  },
  {
    id: 'F-C19a',
    title: '20 WebSocket handshakes',
    gateway: 'lowLimits',
    request: { ...handshake('/v1/responses'), ...REPEATED },
    expect: { status: 426, code: 'upgrade_required', deliveries: [0, 0] },
  },
  {
    id: 'F-C19b',
    title: 'a WebSocket handshake without a key, with frames that follow at once',
    gateway: 'tainted',
    request: {
      ...handshake('/v1/realtime'),
      headers: { ...handshake('/').headers, authorization: '' },
      steps: [ASKED, { do: 'send', bytes: Uint8Array.of(0x81, 0x82, 1, 2, 3, 4, 105, 107) }],
    },
    expect: { status: 426, code: 'upgrade_required' },
  },
  {
    id: 'F-C19c',
    title: 'a request that offers HTTP/2 in an upgrade, as some clients do',
    script: [OK],
    request: {
      headers: {
        'connection': 'Upgrade, HTTP2-Settings',
        'upgrade': 'h2c',
        'http2-settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
      },
    },
    expect: RIGHT,
    skip: { deno: 'Deno answers 400 to an upgrade with a body, before the gateway has it' },
  },
]

function encoded(encoding: string, body: string | Uint8Array): RowRequest {
  return { headers: { 'content-encoding': encoding }, body }
}

/** Sends the body in pieces of one byte, `every` milliseconds apart; 0 is as fast as possible. */
function drip(encoding: string, body: Uint8Array, every: number): RowRequest {
  const begin: ClientStep = { do: 'send', bytes: head(encoding, body.length) }
  return { steps: [begin, { do: 'drip', bytes: body, size: 1, every }] }
}

function head(encoding: string, length: number): string {
  return 'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n' +
    `authorization: Bearer ${CLIENT_KEY}\r\ncontent-type: application/json\r\n` +
    `content-encoding: ${encoding}\r\ncontent-length: ${length}\r\n\r\n`
}

function handshake(path: string): RowRequest & { headers: Readonly<Record<string, string>> } {
  return {
    method: 'GET',
    path,
    headers: {
      'connection': 'Upgrade',
      'upgrade': 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    },
  }
}

function chat(id: string): string {
  return `{"model":"meta.f-${id}","messages":[{"role":"user","content":"Hi"}]}`
}

function kib({ length }: Uint8Array): number {
  return Math.ceil(length / 1024)
}
