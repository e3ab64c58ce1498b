import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import type { Row } from '../row.ts'
import {
  chunk,
  DONE,
  drip,
  END,
  event,
  FINISH,
  flood,
  head,
  LAST_CHUNK,
  reply,
  RESET,
  say,
  type Script,
  send,
  STALL,
  stream,
  streamHead,
  wait,
} from '../script.ts'

const STREAMED = { body: { stream: true } }
const COUNTED = { body: { stream: true, stream_options: { include_usage: true } } }
const ALL = say('Hello') + FINISH + DONE
const RIGHT = { status: 200, text: 'Hello', ends: 'done' } as const
const BEGUN = [send(streamHead()), send(chunk(say('Hello'))), wait(50)]
const CUT = {
  status: 200,
  text: 'Hello',
  ends: 'error',
  code: 'upstream_incomplete',
  deliveries: [1, 1],
  lacks: /\[DONE\]|"finish_reason":"/,
} as const
const BROKEN = { ...CUT, code: 'upstream_invalid_response' } as const
const WORDS = 'Hello, 日本 🦊'

/** What goes wrong upstream while it streams. */
export const STREAMS: readonly Row[] = [
  {
    id: 'S0',
    title: 'nothing goes wrong',
    script: [stream(ALL)],
    request: STREAMED,
    expect: {
      ...RIGHT,
      headers: {
        'content-type': /^text\/event-stream/,
        'cache-control': /no-cache/,
        'content-length': null,
      },
    },
  },
  {
    id: 'S1a',
    title: 'cut by RST',
    script: [[...BEGUN, RESET]],
    request: STREAMED,
    expect: CUT,
  },
  {
    id: 'S1b',
    title: 'cut by FIN between two chunks',
    script: [[...BEGUN, END]],
    request: STREAMED,
    expect: CUT,
  },
  {
    id: 'S1c',
    title: 'cut by FIN within a chunk',
    script: [[...BEGUN, send('40\r\ndata: {"ind'), END]],
    request: STREAMED,
    expect: CUT,
  },
  {
    id: 'S1d',
    title: 'shorter than its length',
    script: [[
      send(head(200, { 'content-type': 'text/event-stream', 'content-length': '5000' })),
      send(say('Hello')),
      wait(50),
      END,
    ]],
    request: STREAMED,
    expect: CUT,
  },
  {
    id: 'S1e',
    title: 'ended by the connection, without its terminator',
    script: [[
      send(head(200, { 'content-type': 'text/event-stream', 'connection': 'close' })),
      send(say('Hello')),
      wait(50),
      END,
    ]],
    request: STREAMED,
    expect: CUT,
  },
  {
    id: 'S1f',
    title: 'a whole answer cut off: nothing of it is told',
    script: [[
      send(head(200, { 'content-type': 'application/json', 'content-length': '5000' })),
      send(JSON.stringify(reply('Hello')).slice(0, 150)),
      wait(50),
      END,
    ]],
    request: {},
    expect: { status: 502, code: 'upstream_incomplete', lacks: /Hello/ },
  },
  {
    id: 'S1g',
    title: 'cut before its first event, then an answer',
    script: [[send(streamHead()), wait(50), RESET], stream(ALL)],
    request: STREAMED,
    expect: { ...RIGHT, deliveries: [2, 2] },
  },
  {
    id: 'S1h',
    title: 'a chunk whose size is no number',
    script: [[...BEGUN, send('zz\r\ndata: x\r\n'), wait(50), END]],
    request: STREAMED,
    expect: CUT,
  },
  {
    id: 'S2a',
    title: 'silent for longer than the limit',
    script: [[...BEGUN, STALL]],
    request: STREAMED,
    expect: { ...CUT, code: 'upstream_timeout', took: [950, 3_000], upstreamLeft: 200 },
  },
  {
    id: 'S2b',
    title: 'a whole answer that stops coming',
    script: [[
      send(head(200, { 'content-type': 'application/json', 'content-length': '5000' })),
      send('{"chat'),
      STALL,
    ]],
    request: {},
    expect: { status: 504, code: 'upstream_timeout', took: [950, 3_000], upstreamLeft: 200 },
  },
  {
    id: 'S2c',
    title: 'silent for 15 s, on a gateway as it comes: it shows that it lives',
    waits: true,
    gateway: 'patient',
    script: [[...BEGUN, wait(15_000), send(chunk(FINISH + DONE)), send(LAST_CHUNK)]],
    request: { ...STREAMED, patience: 25_000 },
    expect: { ...RIGHT, raw: /"delta":\{\}.*"delta":\{\}/s },
  },
  ...[
    ['a', 'one byte at a time', ALL],
    ['b', 'lines that end in CR LF', ALL.replaceAll('\n', '\r\n')],
    ['c', 'lines that end in CR', ALL.replaceAll('\n', '\r')],
    [
      'd',
      'a byte order mark, comments, names, ids and fields nobody knows',
      `\ufeff: hi\nretry: 5\n\nevent: message\nid: 7\nfoo: bar\n${
        ALL.replace('\n\n', '\n\n:\n\n')
      }`,
    ],
    ['e', 'no blank after the colon', ALL.replaceAll('data: ', 'data:')],
    ['f', 'data in two lines', ALL.replace('"message"', '\ndata: "message"')],
  ].map(([letter = '', title = '', events = '']): Row => ({
    id: `S3${letter}`,
    title,
    script: [[send(streamHead()), drip(chunk(events), letter === 'a' ? 1 : 7), send(LAST_CHUNK)]],
    request: STREAMED,
    expect: RIGHT,
  })),
  {
    id: 'S3g',
    title: 'split within characters, each byte a chunk of its own',
    script: [[send(streamHead()), ...bytesOf(say(WORDS) + FINISH + DONE), send(LAST_CHUNK)]],
    request: STREAMED,
    expect: { ...RIGHT, text: WORDS },
  },
  {
    id: 'S3h',
    title: 'chunks with extensions, and trailers after the last',
    script: [[
      send(streamHead()),
      send(`${ALL.length.toString(16)};name="value"\r\n${ALL}\r\n0\r\nx-trailer: yes\r\n\r\n`),
    ]],
    request: STREAMED,
    expect: RIGHT,
  },
  {
    id: 'S4a',
    title: 'a last event without the blank line: kept when it is whole',
    script: [stream(say('Hello') + FINISH.trimEnd())],
    request: STREAMED,
    expect: RIGHT,
  },
  {
    id: 'S4b',
    title: 'a last event that is half of one',
    script: [stream(say('Hello') + FINISH.slice(0, 40))],
    request: STREAMED,
    expect: { ...CUT, code: ['upstream_incomplete', 'upstream_invalid_response'] },
  },
  {
    id: 'S5a',
    title: 'an event of 1 MiB',
    script: [stream(say('x'.repeat(2 ** 20)) + FINISH + DONE)],
    request: STREAMED,
    expect: { ...RIGHT, text: /^x{1048576}$/ },
  },
  {
    id: 'S5b',
    title: 'an event of 8 MiB',
    script: [stream(say('Hello') + say('x'.repeat(8 * 2 ** 20)) + FINISH + DONE)],
    request: STREAMED,
    expect: BROKEN,
  },
  {
    id: 'S5c',
    title: 'a line of 256 MiB that never ends',
    alone: true,
    script: [[
      send(head(200, { 'content-type': 'text/event-stream', 'connection': 'close' })),
      send(`${say('Hello')}data: `),
      flood('x'.repeat(64 * 1024), 4_096),
      END,
    ]],
    request: STREAMED,
    expect: { ...BROKEN, pulled: 24, grows: 96 },
  },
  {
    id: 'S6',
    title: 'an event that is no JSON',
    script: [stream(say('Hello') + 'data: {"index":0,"mess\n\n' + FINISH + DONE)],
    request: STREAMED,
    expect: BROKEN,
  },
  {
    id: 'S7a',
    title: "OCI's error amid the stream",
    script: [stream(say('Hello') + event({ code: '429', message: 'enough' }))],
    request: STREAMED,
    expect: { ...CUT, code: 'rate_limit_exceeded', raw: /enough/ },
  },
  {
    id: 'S7b',
    title: 'an event named error amid the stream',
    script: [
      stream(say('Hello') + `event: error\n${event({ code: 'InternalError', message: 'x' })}`),
    ],
    request: STREAMED,
    expect: { ...CUT, code: 'upstream_unavailable' },
  },
  {
    id: 'S7c',
    title: 'an error as the first event: a status, no stream',
    script: [stream(event({ code: '400', message: 'Please pass in correct format of request.' }))],
    request: STREAMED,
    expect: { status: 400, code: 'invalid_request' },
  },
  {
    id: 'S8a',
    title: 'events after the end',
    script: [stream(ALL + say(' again') + FINISH + DONE)],
    request: STREAMED,
    expect: RIGHT,
  },
  {
    id: 'S8b',
    title: 'two finish reasons: the first wins',
    script: [stream(say('Hello') + FINISH + FINISH.replace('stop', 'length') + DONE)],
    request: STREAMED,
    expect: { ...RIGHT, lacks: /"finish_reason":"length"/ },
  },
  {
    id: 'S8c',
    title: 'tokens counted before the end, asked for: told last',
    script: [
      stream(
        say('Hello') +
          event({ usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 } }) + FINISH +
          DONE,
      ),
    ],
    request: COUNTED,
    expect: { ...RIGHT, raw: /"finish_reason":"stop".*"choices":\[\],.*"total_tokens":3/s },
  },
  {
    id: 'S8d',
    title: 'tokens not asked for',
    script: [
      stream(
        say('Hello') + FINISH +
          event({ usage: { promptTokens: 1, completionTokens: 2, totalTokens: 3 } }) + DONE,
      ),
    ],
    request: STREAMED,
    expect: { ...RIGHT, lacks: /total_tokens/ },
  },
  {
    id: 'S8e',
    title: 'a connection left open after the last word',
    script: [[...BEGUN, send(chunk(FINISH + DONE)), STALL]],
    request: STREAMED,
    expect: { ...RIGHT, took: [0, 1_500], upstreamLeft: 500 },
  },
  {
    id: 'S8f',
    title: 'a connection left open after the finish, without [DONE]',
    script: [[...BEGUN, send(chunk(FINISH)), STALL]],
    request: STREAMED,
    expect: { ...RIGHT, took: [0, 2_500], upstreamLeft: 500 },
  },
  {
    id: 'S9a',
    title: "a tool call's arguments over many events",
    script: [
      stream(
        callPiece(0, 'call1', 'weather', '{"ci') + callPiece(0, undefined, undefined, 'ty":"') +
          callPiece(0, undefined, undefined, 'Bern"}') + FINISH.replace('stop', 'tool_calls') +
          DONE,
      ),
    ],
    request: { body: { stream: true, tools: [tool('weather')] } },
    expect: { ...RIGHT, text: '', raw: /\{\\"ci.*ty\\":\\".*Bern\\"\}.*tool_calls/s },
  },
  {
    id: 'S9b',
    title: "a tool call's arguments cut off",
    script: [[
      send(streamHead()),
      send(chunk(callPiece(0, 'call1', 'weather', '{"ci'))),
      wait(50),
      RESET,
    ]],
    request: { body: { stream: true, tools: [tool('weather')] } },
    expect: { ...CUT, text: '' },
  },
  {
    id: 'S10a',
    title: 'gzip, though identity was asked for',
    script: [encoded('gzip', gzipSync(ALL))],
    request: STREAMED,
    expect: { status: [200, 502], text: /^(Hello)?$/, headers: { 'content-encoding': null } },
  },
  {
    id: 'S10b',
    title: 'gzip that is none',
    script: [encoded('gzip', Buffer.from('this is no gzip at all'))],
    request: STREAMED,
    expect: { status: [200, 502], code: ['upstream_incomplete', 'upstream_invalid_response'] },
  },
  {
    id: 'S10c',
    title: 'gzip cut off',
    script: [encoded('gzip', gzipSync(say('Hello') + say('x'.repeat(999))).subarray(0, -20))],
    request: STREAMED,
    expect: { status: [200, 502], code: ['upstream_incomplete', 'upstream_invalid_response'] },
  },
  {
    id: 'S10d',
    title: '200 KB of gzip that are 200 MiB',
    alone: true,
    script: [encoded('gzip', gzipSync(Buffer.alloc(200 * 2 ** 20, 'x')))],
    request: STREAMED,
    expect: {
      status: [200, 502],
      code: ['upstream_invalid_response', 'upstream_incomplete'],
      grows: 128,
    },
  },
  {
    id: 'S10e',
    title: 'zstd, which nobody asked for',
    script: [encoded('zstd', zstdCompressSync(ALL))],
    request: STREAMED,
    expect: { status: 502, code: 'upstream_invalid_response', raw: /zstd/ },
  },
  {
    id: 'S10f',
    title: 'brotli, though identity was asked for',
    script: [encoded('br', brotliCompressSync(ALL))],
    request: STREAMED,
    expect: { status: [200, 502], lacks: /\ufffd/ },
  },
  {
    id: 'S11',
    title: 'bytes that are no UTF-8',
    script: [[
      send(streamHead()),
      send(chunk(Buffer.concat([
        Buffer.from(say('a|b').split('|')[0] ?? ''),
        Buffer.from([0xff, 0xc3]),
        Buffer.from(say('a|b').split('|')[1] ?? ''),
      ]))),
      send(chunk(FINISH + DONE)),
      send(LAST_CHUNK),
    ]],
    request: STREAMED,
    expect: { ...RIGHT, text: /^a\ufffd+b$/ },
  },
  {
    id: 'S11b',
    title: 'halves of a character, escaped',
    script: [stream(say('a|b').replace('|', '\\ud83e') + FINISH + DONE)],
    request: STREAMED,
    expect: { ...RIGHT, text: /^a.+b$/ },
  },
  {
    id: 'S12',
    title: '10,000 tiny events at once',
    script: [
      stream(Array.from({ length: 10_000 }, (_, n) => say(`${n} `)).join('') + FINISH + DONE),
    ],
    request: STREAMED,
    expect: {
      ...RIGHT,
      text: Array.from({ length: 10_000 }, (_, n) => `${n} `).join(''),
    },
  },
  {
    id: 'S13',
    title: 'nothing but comments for 2 s, then cut, for ever',
    script: [[
      send(streamHead()),
      ...Array.from({ length: 20 }, () => [send(chunk(': ping\n\n')), wait(100)]).flat(),
      RESET,
    ]],
    request: { ...STREAMED, patience: 20_000 },
    expect: { status: [200, 502, 504], code: ['upstream_timeout', 'upstream_incomplete'] },
  },
  {
    id: 'S14',
    title: 'nothing is tried again once the client has got a word',
    script: [[...BEGUN, RESET]],
    request: { ...STREAMED, times: 10, parallel: 5 },
    expect: { ...CUT, deliveries: [10, 10] },
  },
]

function bytesOf(text: string): Script {
  return [...Buffer.from(text)].map((byte) => send(chunk(Uint8Array.of(byte))))
}

function encoded(encoding: string, bytes: Uint8Array): Script {
  return [send(streamHead({ 'content-encoding': encoding })), send(chunk(bytes)), send(LAST_CHUNK)]
}

function callPiece(index: number, id?: string, name?: string, args?: string): string {
  const call = { type: 'FUNCTION', ...(id && { id }), ...(name && { name }), arguments: args }
  return event({ index, message: { role: 'ASSISTANT', toolCalls: [call] } })
}

function tool(name: string): object {
  return { type: 'function', function: { name, parameters: { type: 'object', properties: {} } } }
}
