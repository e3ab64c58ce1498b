import type { Row } from '../row.ts'
import { reply, whole } from '../script.ts'

const OK = whole(200, reply('Hello'))
const RIGHT = { status: 200, text: 'Hello' }
const REFUSED = { status: 400, code: 'invalid_request', deliveries: [0, 0] } as const
const QUICKLY = { ...REFUSED, took: [0, 1_500], raw: /more than 128 levels deep/ } as const
const HOST = 'host: 127.0.0.1\r\n'
const AS_CLIENT = `${HOST}authorization: Bearer test-key-1\r\nconnection: close\r\n`
const EXPOSED = 'Workers refuse to run without keys whatever their address'
/** Refused by the runtime in its own words, or safe: never a crash, never two requests of one. */
const BY_RUNTIME = { byRuntime: true, deliveries: [0, 0] } as const

/** What clients send that is wrong, or meant to do harm. */
export const REQUESTS: readonly Row[] = [
  {
    id: 'C4a',
    title: 'a body larger than the limit, its length told',
    request: { headers: { 'content-length': String(21 * 2 ** 20) }, body: '{' },
    expect: { status: 413, code: 'request_too_large' },
  },
  {
    id: 'C4b',
    title: 'a body larger than the limit, in chunks',
    gateway: 'tight',
    request: { ...chunked(1_000, 1_024), times: 5 },
    expect: { status: 413, code: 'request_too_large' },
  },
  {
    id: 'C4c',
    title: 'chunks without end',
    gateway: 'tight',
    alone: true,
    request: chunked(64_000, 1_024),
    // Who goes on sending may find the connection closed before the answer was read.
    expect: { status: [413, undefined], byRuntime: true, deliveries: [0, 0], grows: 64 },
  },
  {
    id: 'C4d',
    title: 'a length that is more than comes',
    gateway: 'tight',
    request: { headers: { 'content-length': '4000' }, body: '{"model":"x"}', patience: 8_000 },
    expect: { status: 408, code: 'request_timeout' },
  },
  {
    id: 'C4e',
    title: 'a length that is less than comes: the rest is no part of it',
    request: { headers: { 'content-length': '4' }, body: '{"a"GET /health HTTP/1.1\r\n\r\n' },
    expect: { ...BY_RUNTIME, status: 400 },
  },
  {
    id: 'C4f',
    title: 'a length that is no number',
    request: { headers: { 'content-length': 'many' }, body: '{}' },
    expect: { ...BY_RUNTIME, status: [400, undefined] },
  },
  {
    id: 'C4g',
    title: 'a chunk whose size is no number',
    request: raw(
      `POST /v1/chat/completions HTTP/1.1\r\n${AS_CLIENT}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n`,
    ),
    expect: { ...BY_RUNTIME, status: [400, 499, 500, undefined] },
  },
  {
    id: 'C4h',
    title: 'JSON in chunks of one byte',
    script: [OK],
    request: {
      steps: [{
        do: 'send',
        bytes: `POST /v1/chat/completions HTTP/1.1\r\n${AS_CLIENT}` +
          'content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n' +
          [...'{"model":"meta.fault-c4h","messages":[{"role":"user","content":"hi"}]}']
            .map((letter) => `1\r\n${letter}\r\n`).join('') +
          '0\r\n\r\n',
      }],
    },
    expect: RIGHT,
  },
  ...[
    ['a', '129 deep', deep(129)],
    ['b', '10,000 deep', deep(10_000)],
    ['c', '1,000,000 deep', deep(1_000_000)],
    ['d', '15 MiB of [', '['.repeat(15 * 2 ** 20)],
    ['e', '15 MiB of {"a":', '{"a":'.repeat(3 * 2 ** 20)],
  ].map(([letter = '', title = '', body = '']): Row => ({
    id: `C6${letter}`,
    title: `JSON that is ${title}`,
    alone: true,
    request: { body },
    expect: QUICKLY,
  })),
  {
    id: 'C6f',
    title: '100,000 unknown members: refused',
    request: {
      body: { ...Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`x${n}`, n])) },
    },
    expect: { status: 400, code: 'invalid_request' },
  },
  {
    id: 'C6g',
    title: 'a member twice: the last one counts',
    script: [OK],
    request: { body: chat('c6g', '"temperature":0.1,"temperature":0.7') },
    expect: { ...RIGHT, sent: { has: /"temperature":0\.7/ } },
  },
  {
    id: 'C6h',
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
    id: 'C6i',
    title: '__proto__ in the schema of a tool: passed on as it is',
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
    id: 'C6j',
    title: 'arguments of a tool call in the history that are 100,000 deep',
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
    id: 'C6l',
    title: 'a tool whose parameters are 100 levels deep: taken',
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
    id: 'C6k',
    title: 'deep text is no depth',
    script: [OK],
    request: { body: { messages: [{ role: 'user', content: '[{"\\"'.repeat(1_000) }] } },
    expect: RIGHT,
  },
  ...([
    ['a', 'nothing', ''],
    ['b', 'null', 'null'],
    ['c', 'a list', '[]'],
    ['d', 'a number', '17'],
    ['e', 'NaN', '{"model":NaN}'],
    ['f', 'UTF-16', Buffer.from('\ufeff{"model":"x"}', 'utf16le')],
    ['g', 'bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d)],
    ['h', '1e400 for a temperature', chat('c7h', '"temperature":1e400')],
    ['i', 'a form', 'model=x&messages=y'],
  ] as const).map(([letter, title, body]): Row => ({
    id: `C7${letter}`,
    title: `a body that is ${title}`,
    request: { body },
    expect: REFUSED,
  })),
  {
    id: 'C7j',
    title: 'a byte order mark before the JSON',
    script: [OK],
    request: { body: `\ufeff${chat('c7j', '"stream":false')}` },
    expect: RIGHT,
  },
  {
    id: 'C7k',
    title: 'a seed beyond what numbers hold exactly',
    script: [OK],
    request: { body: chat('c7k', '"seed":9007199254740993') },
    expect: { status: [200, 400], deliveries: [0, 1] },
  },
  ...[
    ['a', 'no content type', ''],
    ['b', 'text/plain', 'text/plain'],
    ['c', 'a charset', 'application/json; charset=utf-8'],
  ].map(([letter = '', title = '', type = '']): Row => ({
    id: `C8${letter}`,
    title,
    script: [OK],
    request: { headers: { 'content-type': type } },
    expect: RIGHT,
  })),
  {
    id: 'C8d',
    title: 'multipart',
    request: { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: '--x--' },
    expect: { status: 415, code: 'unsupported_media_type' },
  },
  {
    id: 'C9a',
    title: 'an unknown path',
    request: { path: '/v1/nothing' },
    expect: { status: 404, code: 'not_found' },
  },
  {
    id: 'C9b',
    title: 'a method it does not have',
    request: { method: 'DELETE' },
    expect: { status: 405, code: 'method_not_allowed', headers: { allow: /POST/ } },
  },
  {
    id: 'C9c',
    title: '/v1 twice',
    request: { path: '/v1/v1/chat/completions' },
    expect: { status: 404, code: 'not_found', raw: /twice/ },
  },
  {
    id: 'C9d',
    title: 'a slash at the end',
    script: [OK],
    request: { path: '/v1/chat/completions/' },
    expect: RIGHT,
  },
  {
    id: 'C9e',
    title: 'two slashes at the beginning',
    request: { path: '//v1/chat/completions' },
    expect: { status: 404, code: 'not_found' },
  },
  {
    id: 'C9f',
    title: 'a path of 4 KB with what is no path',
    request: { method: 'GET', path: `/v1/models/${'%00%0d%0a%2e%2e%2f'.repeat(200)}` },
    expect: { status: [400, 404] },
  },
  ...[
    ['a', 'line breaks', 'meta.fault-x\r\nx-injected: yes'],
    ['b', 'NUL and an emoji', 'meta.fault-\u0000🦊'],
    ['c', 'a path upwards', '../../../20231130/models'],
    ['d', 'an escaped path upwards', '%2e%2e%2f%2e%2e%2fmodels?x=1#y'],
    ['e', '10 KB', `meta.${'x'.repeat(10_000)}`],
    ['f', 'an OCID with a path in it', 'ocid1.generativeaimodel.oc1..a/../../x?y#z'],
  ].map(([letter = '', title = '', model = '']): Row => ({
    id: `C10${letter}`,
    title: `a model's name with ${title}`,
    request: { body: { model } },
    expect: { status: [400, 404], lacks: /\r\nx-injected/i, deliveries: [0, 0] },
  })),
  {
    id: 'C11a',
    title: 'an id with what no header may carry',
    script: [OK],
    request: { headers: { 'x-request-id': 'a\tb é <script>' } },
    expect: { ...RIGHT, headers: { 'x-request-id': /^[a-z0-9]{24}$/ } },
  },
  {
    id: 'C11b',
    title: 'an id of 10,000 letters',
    script: [OK],
    request: { headers: { 'x-request-id': 'x'.repeat(10_000) } },
    expect: { ...RIGHT, headers: { 'x-request-id': /^[a-z0-9]{24}$/ } },
  },
  {
    id: 'C11c',
    title: 'a method with line breaks in the path',
    request: raw(`GET /v1/models\rx: y HTTP/1.1\r\n${AS_CLIENT}\r\n`),
    expect: { ...BY_RUNTIME, lacks: /\r\nx: y/ },
  },
  {
    id: 'C12a',
    title: 'a length and chunks too',
    request: raw(
      `POST /v1/embeddings HTTP/1.1\r\n${AS_CLIENT}content-length: 4\r\n` +
        'transfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ),
    expect: BY_RUNTIME,
  },
  {
    id: 'C12b',
    title: 'two lengths',
    request: raw(
      `POST /v1/embeddings HTTP/1.1\r\n${AS_CLIENT}content-length: 2\r\ncontent-length: 20\r\n\r\n{}`,
    ),
    expect: { ...BY_RUNTIME, status: [400, undefined] },
  },
  {
    id: 'C12c',
    title: 'no host',
    request: raw('GET /health HTTP/1.1\r\nconnection: close\r\n\r\n'),
    expect: { ...BY_RUNTIME, status: [200, 400] },
  },
  {
    id: 'C12d',
    title: 'lines that end in LF',
    request: raw('GET /health HTTP/1.1\nhost: 127.0.0.1\nconnection: close\n\n'),
    expect: { ...BY_RUNTIME, status: [200, 400, 505, undefined] },
  },
  {
    id: 'C12e',
    title: 'a whole address for a path: it steers nothing',
    request: raw(
      `GET http://thief.example/v1/nothing HTTP/1.1\r\n${AS_CLIENT}\r\n`,
    ),
    expect: { ...BY_RUNTIME, status: [400, 404], lacks: /thief/ },
  },
  {
    id: 'C12f',
    title: 'a head of 64 KB',
    request: { headers: { 'x-long': 'x'.repeat(65_536) } },
    script: [OK],
    expect: { byRuntime: true, status: [200, 400, 431, 502, undefined], deliveries: [0, 1] },
  },
  {
    id: 'C12g',
    title: 'an address of 64 KB',
    request: { method: 'GET', path: `/v1/${'x'.repeat(65_536)}` },
    expect: { byRuntime: true, status: [400, 404, 414, 431, 502, undefined] },
  },
  {
    id: 'C12h',
    title: 'garbage instead of HTTP',
    request: raw('\u0016\u0003\u0001\u0000garbage\r\n\r\n'),
    expect: BY_RUNTIME,
  },
  {
    id: 'C12i',
    title: 'two answers smuggled behind a request whose body is ignored',
    request: raw(
      `GET /health HTTP/1.1\r\n${HOST}content-length: 36\r\nconnection: close\r\n\r\n` +
        'GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n',
    ),
    expect: { ...BY_RUNTIME, status: [200, 400], lacks: /HTTP\/1\.1 \d+[^]*HTTP\/1\.1 \d+/ },
  },
  ...[
    ['a', 'this machine', 'http://127.0.0.1:22/x.png'],
    ['b', "a cloud's metadata", 'http://169.254.169.254/opc/v2/instance/'],
    ['c', 'a file', 'file:///etc/passwd'],
    ['d', 'a public address', 'https://example.com/x.png'],
    ['e', 'a number for an address', 'http://2130706433/x.png'],
  ].map(([letter = '', title = '', url = '']): Row => ({
    id: `C13${letter}`,
    title: `an image that is ${title}: nothing is fetched`,
    family: 'meta.llama-4',
    request: {
      body: {
        messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }],
      },
    },
    expect: { status: 400, lacks: /root:/, deliveries: [0, 0] },
  })),
  ...[
    ['f', 'no base64', 'data:image/png;base64,$$$'],
    ['g', 'no image', 'data:text/html;base64,PGI+'],
  ].map(([letter = '', title = '', url = '']): Row => ({
    id: `C13${letter}`,
    title: `an image as data that is ${title}: refused, or left to OCI as it is`,
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
    ['f', 'a beginning of the key', { authorization: 'Bearer test-key-' }],
  ] as const).map(([letter, title, headers]): Row => ({
    id: `C14${letter}`,
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
    id: 'C14g',
    title: 'a key in the address',
    request: { headers: { authorization: '' }, path: '/v1/chat/completions?api_key=test-key-1' },
    expect: { status: 401, code: 'invalid_api_key', deliveries: [0, 0] },
  },
  {
    id: 'C14h',
    title: 'two keys',
    request: raw(
      `GET /v1/models HTTP/1.1\r\n${HOST}authorization: Bearer wrong\r\n` +
        'authorization: Bearer test-key-1\r\nconnection: close\r\n\r\n',
    ),
    expect: { byRuntime: true, status: [400, 401], deliveries: [0, 0] },
  },
  {
    id: 'C15a',
    title: "a page of another site, by a simple request, to somebody's own gateway",
    gateway: 'open',
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
    id: 'C15b',
    title: 'a page without an origin (null)',
    gateway: 'open',
    request: { headers: { origin: 'null' } },
    expect: { status: 403, code: 'permission_denied', deliveries: [0, 0] },
    skip: { workers: EXPOSED },
  },
  {
    id: 'C15c',
    title: 'a name that was made to point here (DNS rebinding)',
    gateway: 'open',
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
    id: `C15${'defgh'[index]}`,
    title: `a host that is right: ${host}`,
    gateway: 'open',
    script: [OK],
    request: { headers: { host, authorization: '' } },
    expect: RIGHT,
    skip: { workers: EXPOSED },
  })),
  ...['127.0.0.1.evil.example', 'localhost.evil.example', '0x7f.1.evil', '127.0.0.1@evil', '']
    .map((host, index): Row => ({
      id: `C15${'ijklm'[index]}`,
      title: `a host that looks right: "${host}"`,
      gateway: 'open',
      request: raw(
        `GET /v1/models HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
      ),
      expect: { byRuntime: true, status: [400, 403], deliveries: [0, 0] },
      skip: { workers: EXPOSED },
    })),
  {
    id: 'C15n',
    title: 'a preflight, where no site is let in',
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
    id: 'C15o',
    title: 'a preflight of a site that is let in',
    gateway: 'tight',
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
    id: 'C15p',
    title: 'a preflight of a site that is not',
    gateway: 'tight',
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
    id: 'C15q',
    title: 'an answer, and a refusal too, for a site that is let in',
    gateway: 'tight',
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
    id: 'C16',
    title: "headers that are OCI's business: none gets through",
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
    id: 'C16b',
    title: 'a compartment in the body: not obeyed',
    script: [OK],
    request: { body: { compartment_id: 'ocid1.compartment.oc1..stolen', compartmentId: 'stolen' } },
    expect: { ...RIGHT, sent: { lacks: /stolen/ } },
  },
]

function raw(bytes: string): Row['request'] {
  return { steps: [{ do: 'send', bytes }], patience: 4_000 }
}

function chunked(times: number, size: number): Row['request'] {
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
  return `{"model":"meta.fault-${id}","messages":[{"role":"user","content":"hi"}],${members}}`
}

function deep(levels: number): string {
  const lists = levels - 1
  return `{"model":"x","messages":${'['.repeat(lists)}${']'.repeat(lists)}}`
}
