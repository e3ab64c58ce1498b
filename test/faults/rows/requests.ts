import { EVENTUALLY } from '../bounds.ts'
import type { Row, RowRequest } from '../row.ts'
import { reply, whole } from '../script.ts'

const OK = whole(200, reply('Hello'))
const RIGHT = { status: 200, text: 'Hello' }
const REFUSED = { status: 400, code: 'invalid_request', deliveries: [0, 0] } as const
const TOO_DEEP = { ...REFUSED, took: [0, EVENTUALLY], raw: /at most 128 levels deep/ } as const
const HOST = 'host: 127.0.0.1\r\n'
const AS_CLIENT = `${HOST}authorization: Bearer test-key-1\r\nconnection: close\r\n`
const EXPOSED = 'a Worker does not start without keys, whatever its address'
/** Refused by the runtime with its own answer, or harmless: no crash, no second request. */
const BY_RUNTIME = { byRuntime: true, deliveries: [0, 0] } as const

/** Requests that are invalid or malicious. */
export const REQUESTS: readonly Row[] = [
  {
    id: 'F-C4a',
    title: 'a body over the limit, with its length',
    request: { headers: { 'content-length': String(33 * 2 ** 20) }, body: '{' },
    expect: { status: 413, code: 'request_too_large' },
  },
  {
    id: 'F-C4b',
    title: 'a body over the limit, in chunks',
    gateway: 'lowLimits',
    request: { ...chunked(1_000, 1_024), times: 5 },
    expect: { status: 413, code: 'request_too_large' },
  },
  {
    id: 'F-C4c',
    title: 'chunks without end',
    heavy: true,
    gateway: 'lowLimits',
    request: () => chunked(64_000, 1_024),
    // A client that continues to send can lose the connection before it reads the answer.
    expect: { status: [413, undefined], byRuntime: true, deliveries: [0, 0], grows: 64 },
  },
  {
    id: 'F-C4d',
    title: 'a length greater than the body',
    gateway: 'shortTimeouts',
    request: { headers: { 'content-length': '4000' }, body: '{"model":"x"}' },
    expect: { status: 408, code: 'request_timeout' },
  },
  {
    id: 'F-C4e',
    title: 'a length smaller than the body: the rest is not read as part of the body',
    request: { headers: { 'content-length': '4' }, body: '{"a"GET /health HTTP/1.1\r\n\r\n' },
    expect: { ...BY_RUNTIME, status: 400 },
  },
  {
    id: 'F-C4f',
    title: 'a length that is not a number',
    request: { headers: { 'content-length': 'many' }, body: '{}' },
    expect: { ...BY_RUNTIME, status: [400, undefined] },
  },
  {
    id: 'F-C4g',
    title: 'a chunk with a size that is not a number',
    request: raw(
      `POST /v1/chat/completions HTTP/1.1\r\n${AS_CLIENT}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`,
    ),
    expect: { ...BY_RUNTIME, status: [400, 499, 500, undefined] },
  },
  {
    id: 'F-C4h',
    title: 'JSON in chunks of one byte',
    script: [OK],
    request: {
      steps: [{
        do: 'send',
        bytes: `POST /v1/chat/completions HTTP/1.1\r\n${AS_CLIENT}` +
          'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n' +
          [...'{"model":"meta.f-c4h","messages":[{"role":"user","content":"hi"}]}']
            .map((letter) => `1\r\n${letter}\r\n`).join('') +
          '0\r\n\r\n',
      }],
    },
    expect: RIGHT,
  },
  ...([
    ['a', 'nested 129 levels deep', () => deep(129)],
    ['b', 'nested 10,000 levels deep', () => deep(10_000)],
    ['c', 'nested 1,000,000 levels deep', () => deep(1_000_000)],
    ['d', '15 MiB of [', () => '['.repeat(15 * 2 ** 20)],
    ['e', '15 MiB of {"a":', () => '{"a":'.repeat(3 * 2 ** 20)],
  ] as const).map(([letter, title, createBody]): Row => ({
    id: `F-C6${letter}`,
    title: `JSON that is ${title}`,
    heavy: true,
    gateway: 'default',
    request: () => ({ body: createBody() }),
    expect: TOO_DEEP,
  })),
  {
    id: 'F-C6f',
    title: '100,000 unknown members: refused',
    request: () => ({
      body: Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`x${n}`, n])),
    }),
    expect: { status: 400, code: 'invalid_request' },
  },
  {
    id: 'F-C6g',
    title: 'a duplicate member: the last one counts',
    script: [OK],
    request: { body: chat('c6g', '"temperature":0.1,"temperature":0.7') },
    expect: { ...RIGHT, sent: { has: /"temperature":0\.7/ } },
  },
  {
    id: 'F-C6h',
    title: '__proto__, constructor and prototype as members',
    script: [OK],
    request: {
      body: chat(
        'c6h',
        '"__proto__":{"temperature":0.7},"constructor":{"prototype":{"x":1}},"prototype":{"y":1}',
      ),
    },
    expect: { ...RIGHT, sent: { lacks: /proto|constructor|0\.7/ } },
  },
  {
    id: 'F-C6i',
    title: '__proto__ in the schema of a tool: passed on unchanged',
    script: [OK],
    request: {
      body: chat(
        'c6i',
        '"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object",' +
          '"properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}}}}}]',
      ),
    },
    expect: { ...RIGHT, sent: { has: /"__proto__":\{"type":"string"\}.*"constructor"/s } },
  },
  {
    id: 'F-C6j',
    title: 'tool call arguments in the history that are nested 100,000 levels deep',
    script: [OK],
    request: {
      body: {
        messages: [
          { role: 'user', content: 'hi' },
          {
            role: 'assistant',
            tool_calls: [{
              id: 'call1',
              type: 'function',
              function: {
                name: 'f',
                arguments: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
              },
            }],
          },
          { role: 'tool', tool_call_id: 'call1', content: '[[[' },
        ],
      },
    },
    expect: { status: [200, 400] },
  },
  {
    id: 'F-C6l',
    title: 'tool parameters that are nested 100 levels deep: accepted',
    script: [OK],
    request: {
      body: chat(
        'c6l',
        '"tools":[{"type":"function","function":{"name":"f","parameters":' +
          `${'{"type":"object","properties":{"a":'.repeat(50)}{}${'}}'.repeat(50)}}}]`,
      ),
    },
    expect: RIGHT,
  },
  {
    id: 'F-C6k',
    title: 'brackets within text are not depth',
    script: [OK],
    request: { body: { messages: [{ role: 'user', content: '[{"\\"'.repeat(1_000) }] } },
    expect: RIGHT,
  },
  ...([
    ['a', 'empty', ''],
    ['b', 'null', 'null'],
    ['c', 'a list', '[]'],
    ['d', 'a number', '17'],
    ['e', 'NaN', '{"model":NaN}'],
    ['f', 'UTF-16', Buffer.from('\ufeff{"model":"x"}', 'utf16le')],
    ['g', 'bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)],
    ['h', 'a temperature of 1e400', chat('c7h', '"temperature":1e400')],
    ['i', 'a form', 'model=x&messages=y'],
  ] as const).map(([letter, title, body]): Row => ({
    id: `F-C7${letter}`,
    title: `a body that is ${title}`,
    request: { body },
    expect: REFUSED,
  })),
  {
    id: 'F-C7j',
    title: 'a byte order mark before the JSON',
    script: [OK],
    request: { body: `\ufeff${chat('c7j', '"stream":false')}` },
    expect: RIGHT,
  },
  {
    id: 'F-C7k',
    title: 'a seed beyond the exact integers',
    script: [OK],
    request: { body: chat('c7k', '"seed":9007199254740993') },
    expect: { status: [200, 400], deliveries: [0, 1] },
  },
  ...[
    ['a', 'no content type', ''],
    ['b', 'text/plain', 'text/plain'],
    ['c', 'a content type with a charset', 'application/json; charset=utf-8'],
  ].map(([letter = '', title = '', type = '']): Row => ({
    id: `F-C8${letter}`,
    title,
    script: [OK],
    request: { headers: { 'content-type': type } },
    expect: RIGHT,
  })),
  {
    id: 'F-C8d',
    title: 'a multipart body',
    request: { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
    expect: { status: 415, code: 'unsupported_media_type' },
  },
  {
    id: 'F-C9a',
    title: 'an unknown path',
    request: { path: '/v1/nothing' },
    expect: { status: 404, code: 'not_found' },
  },
  {
    id: 'F-C9b',
    title: 'an unsupported method',
    request: { method: 'DELETE' },
    expect: { status: 405, code: 'method_not_allowed', headers: { allow: /POST/ } },
  },
  {
    id: 'F-C9c',
    title: '/v1 twice',
    request: { path: '/v1/v1/chat/completions' },
    expect: { status: 404, code: 'not_found', raw: /twice/ },
  },
  {
    id: 'F-C9d',
    title: 'a trailing slash',
    script: [OK],
    request: { path: '/v1/chat/completions/' },
    expect: RIGHT,
  },
  {
    id: 'F-C9e',
    title: 'two leading slashes',
    request: { path: '//v1/chat/completions' },
    expect: { status: 404, code: 'not_found' },
  },
  {
    id: 'F-C9f',
    title: 'a path of 4 KB with escaped control characters and dots',
    request: { method: 'GET', path: `/v1/models/${'%00%0d%0a%2e%2e%2f'.repeat(200)}` },
    expect: { status: [400, 404] },
  },
  ...[
    ['a', 'line breaks', 'meta.f-x\r\nx-injected: yes'],
    ['b', 'NUL and an emoji', 'meta.f-\u0000🦊'],
    ['c', 'a path upwards', '../../../20231130/models'],
    ['d', 'an escaped path upwards', '%2e%2e%2f%2e%2e%2fmodels?x=1#y'],
    ['e', '10 KB', `meta.${'x'.repeat(10_000)}`],
    ['f', 'an OCID with a path in it', 'ocid1.generativeaimodel.oc1..a/../../x?y#z'],
  ].map(([letter = '', title = '', model = '']): Row => ({
    id: `F-C10${letter}`,
    title: `a model name with ${title}`,
    request: { body: { model } },
    expect: { status: [400, 404], lacks: /\r\nx-injected/i, deliveries: [0, 0] },
  })),
  {
    id: 'F-C11a',
    title: 'a request id with characters that headers must not contain',
    script: [OK],
    request: { headers: { 'x-request-id': 'a\tb é <script>' } },
    expect: { ...RIGHT, headers: { 'x-request-id': /^[a-z0-9]{24}$/ } },
  },
  {
    id: 'F-C11b',
    title: 'a request id of 10,000 characters',
    script: [OK],
    request: { headers: { 'x-request-id': 'x'.repeat(10_000) } },
    expect: { ...RIGHT, headers: { 'x-request-id': /^[a-z0-9]{24}$/ } },
  },
  {
    id: 'F-C11c',
    title: 'a path with a carriage return',
    request: raw(`GET /v1/models\rx: y HTTP/1.1\r\n${AS_CLIENT}\r\n`),
    expect: { ...BY_RUNTIME, lacks: /\r\nx: y/ },
  },
  {
    id: 'F-C12a',
    title: 'both a length and chunks',
    request: raw(
      `POST /v1/embeddings HTTP/1.1\r\n${AS_CLIENT}content-length: 4\r\n` +
        'transfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ),
    expect: BY_RUNTIME,
  },
  {
    id: 'F-C12b',
    title: 'two lengths',
    request: raw(
      `POST /v1/embeddings HTTP/1.1\r\n${AS_CLIENT}content-length: 2\r\ncontent-length: 20\r\n\r\n{}`,
    ),
    expect: { ...BY_RUNTIME, status: [400, undefined] },
  },
  {
    id: 'F-C12c',
    title: 'no host header',
    request: raw('GET /health HTTP/1.1\r\nconnection: close\r\n\r\n'),
    expect: { ...BY_RUNTIME, status: [200, 400] },
  },
  {
    id: 'F-C12d',
    title: 'lines that end in LF',
    request: raw('GET /health HTTP/1.1\nhost: 127.0.0.1\nconnection: close\n\n'),
    expect: { ...BY_RUNTIME, status: [200, 400, 505, undefined] },
  },
  {
    id: 'F-C12e',
    title: 'an absolute URL as the path: it has no effect',
    request: raw(
      `GET http://thief.example/v1/nothing HTTP/1.1\r\n${AS_CLIENT}\r\n`,
    ),
    expect: { ...BY_RUNTIME, status: [400, 404], lacks: /thief/ },
  },
  {
    id: 'F-C12f',
    title: 'a head of 64 KB',
    request: { headers: { 'x-long': 'x'.repeat(65_536) } },
    script: [OK],
    expect: { byRuntime: true, status: [200, 400, 431, 502, undefined], deliveries: [0, 1] },
  },
  {
    id: 'F-C12g',
    title: 'an address of 64 KB',
    request: { method: 'GET', path: `/v1/${'x'.repeat(65_536)}` },
    expect: { byRuntime: true, status: [400, 404, 414, 431, 502, undefined] },
  },
  {
    id: 'F-C12h',
    title: 'garbage instead of HTTP',
    request: raw('\u0016\u0003\u0001\u0000garbage\r\n\r\n'),
    expect: BY_RUNTIME,
  },
  {
    id: 'F-C12i',
    title: 'a second request in the ignored body of a first: one answer',
    request: raw(
      `GET /health HTTP/1.1\r\n${HOST}content-length: 36\r\nconnection: close\r\n\r\n` +
        'GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n',
    ),
    expect: { ...BY_RUNTIME, status: [200, 400], lacks: /HTTP\/1\.1 \d+[^]*HTTP\/1\.1 \d+/ },
  },
  ...[
    ['a', 'this machine', 'http://127.0.0.1:22/x.png'],
    ['b', "a cloud's metadata service", 'http://169.254.169.254/opc/v2/instance/'],
    ['c', 'a file', 'file:///etc/passwd'],
    ['d', 'a public address', 'https://example.com/x.png'],
    ['e', 'a numeric address', 'http://2130706433/x.png'],
  ].map(([letter = '', title = '', url = '']): Row => ({
    id: `F-C13${letter}`,
    title: `an image URL that is ${title}: not fetched`,
    family: 'meta.llama-4',
    request: {
      body: {
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
      },
    },
    expect: { status: 400, lacks: /root:/, deliveries: [0, 0] },
  })),
  ...[
    ['f', 'not base64', 'data:image/png;base64,$$$'],
    ['g', 'not an image', 'data:text/html;base64,PGI+'],
  ].map(([letter = '', title = '', url = '']): Row => ({
    id: `F-C13${letter}`,
    title: `a data URL that is ${title}: refused, or passed on unchanged`,
    family: 'meta.llama-4',
    script: [OK],
    request: {
      body: {
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
      },
    },
    expect: { status: [200, 400], deliveries: [0, 1] },
  })),
  ...([
    ['a', 'no key', { authorization: '' }],
    ['b', 'a wrong key', { authorization: 'Bearer test-key-2' }],
    ['c', 'a key as Basic', { authorization: 'Basic dGVzdC1rZXktMQ==' }],
    ['d', 'an empty key', { authorization: 'Bearer ' }],
    ['e', 'a key of 8 KB', { authorization: `Bearer ${'x'.repeat(8_000)}` }],
    ['f', 'a prefix of the key', { authorization: 'Bearer test-key-' }],
  ] as const).map(([letter, title, headers]): Row => ({
    id: `F-C14${letter}`,
    title,
    request: { headers },
    expect: {
      status: 401,
      code: 'invalid_api_key',
      headers: { 'www-authenticate': /^Bearer/ },
      deliveries: [0, 0],
    },
  })),
  {
    id: 'F-C14g',
    title: 'a key in the URL',
    request: { headers: { authorization: '' }, path: '/v1/chat/completions?api_key=test-key-1' },
    expect: { status: 401, code: 'invalid_api_key', deliveries: [0, 0] },
  },
  {
    id: 'F-C14h',
    title: 'two keys',
    request: raw(
      `GET /v1/models HTTP/1.1\r\n${HOST}authorization: Bearer wrong\r\n` +
        'authorization: Bearer test-key-1\r\nconnection: close\r\n\r\n',
    ),
    expect: { byRuntime: true, status: [400, 401], deliveries: [0, 0] },
  },
  {
    id: 'F-C15a',
    title: 'a page of another site, with a simple request to a local gateway',
    gateway: 'withoutKeys',
    request: {
      headers: { 'origin': 'https://evil.example', 'content-type': 'text/plain' },
    },
    expect: {
      status: 403,
      code: 'permission_denied',
      headers: { 'access-control-allow-origin': null },
      deliveries: [0, 0],
    },
    skip: { workers: EXPOSED },
  },
  {
    id: 'F-C15b',
    title: 'a page without an origin (null)',
    gateway: 'withoutKeys',
    request: { headers: { origin: 'null' } },
    expect: { status: 403, code: 'permission_denied', deliveries: [0, 0] },
    skip: { workers: EXPOSED },
  },
  {
    id: 'F-C15c',
    title: 'a host name that resolves to this machine (DNS rebinding)',
    gateway: 'withoutKeys',
    request: { headers: { host: 'evil.example:8050' } },
    expect: {
      status: 403,
      code: 'permission_denied',
      raw: /access\.allowedHosts/,
      deliveries: [0, 0],
    },
    skip: { workers: EXPOSED },
  },
  ...['localhost:1', '127.0.0.1', '127.1.2.3:80', '[::1]:8050', 'gateway.internal'].map((
    host,
    index,
  ): Row => ({
    id: `F-C15${'defgh'[index]}`,
    title: `an allowed host: ${host}`,
    gateway: 'withoutKeys',
    script: [OK],
    request: { headers: { host, authorization: '' } },
    expect: RIGHT,
    skip: { workers: EXPOSED },
  })),
  ...['127.0.0.1.evil.example', 'localhost.evil.example', '0x7f.1.evil', '127.0.0.1@evil', '']
    .map((host, index): Row => ({
      id: `F-C15${'ijklm'[index]}`,
      title: `a host that resembles an allowed one: "${host}"`,
      gateway: 'withoutKeys',
      request: raw(
        `GET /v1/models HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
      ),
      expect: { byRuntime: true, status: [400, 403], deliveries: [0, 0] },
      skip: { workers: EXPOSED },
    })),
  {
    id: 'F-C15n',
    title: 'a preflight where no origin is allowed',
    request: {
      method: 'OPTIONS',
      headers: {
        'origin': 'https://chat.example',
        'authorization': '',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    },
    expect: { status: [401, 405], headers: { 'access-control-allow-origin': null } },
  },
  {
    id: 'F-C15o',
    title: 'a preflight from an allowed origin',
    gateway: 'lowLimits',
    request: {
      method: 'OPTIONS',
      headers: {
        'origin': 'https://chat.example',
        'authorization': '',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      },
    },
    expect: {
      status: 204,
      byRuntime: true,
      headers: {
        'access-control-allow-origin': /^https:\/\/chat\.example$/,
        'access-control-allow-headers': /authorization/i,
        'access-control-allow-credentials': null,
      },
    },
  },
  {
    id: 'F-C15p',
    title: 'a preflight from another origin',
    gateway: 'lowLimits',
    request: {
      method: 'OPTIONS',
      headers: {
        'origin': 'https://chat.example.evil.example',
        'authorization': '',
        'access-control-request-method': 'POST',
      },
    },
    expect: { byRuntime: true, headers: { 'access-control-allow-origin': null } },
  },
  {
    id: 'F-C15q',
    title: 'an error for an allowed origin',
    gateway: 'lowLimits',
    request: { headers: { origin: 'https://chat.example' }, body: '{' },
    expect: {
      ...REFUSED,
      headers: {
        'access-control-allow-origin': /^https:\/\/chat\.example$/,
        'vary': /origin/i,
      },
    },
  },
  {
    id: 'F-C16',
    title: 'headers that are reserved for OCI: not forwarded',
    script: [OK],
    request: {
      headers: {
        'opc-obo-token': 'spoofed-1',
        'opc-compartment-id': 'spoofed-2',
        'x-oci-region': 'spoofed-3',
        'x-forwarded-host': 'spoofed-4',
        'opc-retry-token': 'spoofed-5',
        'date': 'spoofed-6',
        'x-content-sha256': 'spoofed-7',
        'openai-organization': 'spoofed-8',
        'cookie': 'spoofed-9',
      },
    },
    expect: { ...RIGHT, sent: { lacks: /spoofed|test-key/ } },
  },
  {
    id: 'F-C16b',
    title: 'a compartment in the body: ignored',
    script: [OK],
    request: { body: { compartment_id: 'ocid1.compartment.oc1..stolen', compartmentId: 'stolen' } },
    expect: { ...RIGHT, sent: { lacks: /stolen/ } },
  },
]

function raw(bytes: string): RowRequest {
  return { steps: [{ do: 'send', bytes }], patience: 20_000 }
}

function chunked(times: number, size: number): RowRequest {
  const bytes = `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`.repeat(64)
  return {
    steps: [
      {
        do: 'send',
        bytes:
          `POST /v1/chat/completions HTTP/1.1\r\n${AS_CLIENT}transfer-encoding: chunked\r\n\r\n`,
      },
      ...Array.from({ length: times / 64 }, () => ({ do: 'send', bytes }) as const),
      { do: 'send', bytes: '0\r\n\r\n' },
    ],
  }
}

function chat(id: string, members: string): string {
  return `{"model":"meta.f-${id}","messages":[{"role":"user","content":"hi"}],${members}}`
}

function deep(levels: number): string {
  const lists = levels - 1
  return `{"model":"x","messages":${'['.repeat(lists)}${']'.repeat(lists)}}`
}
