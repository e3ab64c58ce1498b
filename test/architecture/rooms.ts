/** What the files of one room may import. */
export interface RoomRules {
  /** Other rooms. */
  rooms: readonly string[]
  /** Packages and modules of a runtime. */
  packages?: readonly RegExp[]
  /** Whether the files may call `crypto.subtle`. */
  webCrypto?: true
  /** Whether the files may use globals and modules of one runtime, such as `process` and `Deno`. */
  runtime?: true
}

const CLACK = /^@clack\/prompts$/
/** Bundled into the page of the console. */
const CONSOLE_PACKAGES = [/^preact(\/hooks)?$/, /^marked$/, /^dompurify$/]
/** Packages in the source code that the definitions of clients print. They are not loaded. */
const EXAMPLES = /^@(ai-sdk|anthropic-ai|langchain|mastra|openai)\/|^(openai|zod)$/
/** Optional packages, loaded when a store needs them. */
const DATABASE_DRIVERS = [/^postgres$/, /^@redis\/client$/]
const HONO = /^hono(\/|$)/
const MOMOA = /^@humanwhocodes\/momoa$/
const NOBLE_HASHES = /^@noble\/hashes\//
const NODE = /^node:/
const NODE_SERVER = /^@hono\/node-server(\/utils\/response)?$/
const TO_JSON_SCHEMA = /^@valibot\/to-json-schema$/
const CONFIGURATION_FILES = [MOMOA, /^toml-eslint-parser$/, /^yaml$/]
const UNDICI = /^undici$/
const VALIBOT = /^valibot$/
const STRING_WIDTH = /^fast-string-width$/

/**
 * The rooms of src/ and what each may import. A room is a folder or a file directly in src/, and
 * inside src/oci/ each folder and each file on its own.
 */
export const ROOMS: Readonly<Record<string, RoomRules>> = {
  'errors': { rooms: [] },
  'platform': { rooms: [] },
  'object-kind': { rooms: [] },
  'timeout': { rooms: [] },
  'abort': { rooms: [] },
  'request-timers': { rooms: ['timeout'] },
  'bounded-map': { rooms: [] },
  'json-depth': { rooms: [] },
  'json-object': { rooms: [] },
  'item-content': { rooms: ['json-object'] },
  'loopback': { rooms: [] },
  'expected-type': { rooms: [] },
  'nearest-names': { rooms: [] },
  'steps': { rooms: [] },
  'release-bytes': { rooms: [], runtime: true },
  'read-into-memory': { rooms: ['platform'] },
  'version': { rooms: [] },
  'limits': { rooms: ['errors'] },
  'request-fields': { rooms: ['json-object', 'limits'], packages: [VALIBOT] },

  'unread-members': { rooms: ['json-object'], packages: [VALIBOT] },

  'causes': { rooms: [] },
  'prices': { rooms: ['errors'], packages: [VALIBOT] },
  'store': { rooms: ['errors', 'platform'], packages: [NOBLE_HASHES] },

  'chat': { rooms: ['abort', 'json-depth', 'json-object', 'steps', 'limits', 'errors'] },
  'metering': {
    rooms: [
      ...[
        'access',
        'prices',
        'store',
        'oci/call',
        'chat',
        'bounded-map',
        'timeout',
        'platform',
        'errors',
      ],
    ],
  },
  'embeddings': { rooms: [] },
  'rerank': { rooms: [] },
  'moderation': { rooms: [] },
  'sse': { rooms: ['abort', 'platform', 'errors'], packages: [/^eventsource-parser$/] },

  'openai': {
    rooms: [
      ...['chat', 'embeddings', 'moderation', 'sse', 'bounded-map', 'request-fields', 'limits'],
      ...['unread-members', 'item-content', 'json-object', 'errors'],
    ],
    packages: [VALIBOT],
  },
  'anthropic': {
    rooms: [
      ...['unread-members', 'json-object', 'chat', 'sse', 'request-fields', 'limits', 'errors'],
    ],
    packages: [VALIBOT],
  },
  'cohere': { rooms: ['rerank', 'request-fields', 'limits', 'errors'], packages: [VALIBOT] },

  'oci/async': { rooms: ['abort'] },
  'oci/answer': { rooms: [] },
  'oci/json': { rooms: ['json-depth', 'errors'], packages: [VALIBOT] },
  'oci/regions': { rooms: ['platform', 'errors'], packages: [VALIBOT] },
  'oci/signing': {
    rooms: ['causes', 'loopback', 'errors'],
    packages: [NOBLE_HASHES],
    webCrypto: true,
  },
  'oci/http': {
    rooms: [
      ...['causes', 'oci/signing', 'oci/regions', 'oci/json', 'oci/async', 'sse', 'steps'],
      ...['abort', 'bounded-map', 'timeout', 'platform', 'errors'],
    ],
    packages: [VALIBOT],
  },
  'oci/models': {
    rooms: [
      ...['oci/http', 'oci/json', 'oci/async', 'chat'],
      ...['bounded-map', 'nearest-names', 'timeout', 'platform', 'errors'],
    ],
    packages: [VALIBOT],
  },
  'oci/formats': {
    rooms: [
      ...['oci/models', 'oci/http', 'oci/json', 'chat', 'sse'],
      ...['json-depth', 'json-object', 'steps', 'limits', 'errors'],
    ],
    packages: [VALIBOT],
  },
  'oci/call': { rooms: ['oci/models', 'oci/http', 'chat', 'telemetry'] },
  'oci/resilience': {
    rooms: [
      ...['oci/call', 'oci/models', 'oci/http', 'oci/answer', 'oci/async', 'telemetry'],
      ...['abort', 'bounded-map', 'platform', 'errors'],
    ],
  },
  'oci/auth': {
    rooms: [
      ...['loopback', 'causes'],
      ...['oci/resilience', 'oci/http', 'oci/signing', 'oci/regions', 'oci/json', 'oci/async'],
      ...['timeout', 'platform', 'errors'],
    ],
    packages: [VALIBOT, /^jose$/],
  },
  'oci/identity': { rooms: ['oci/http', 'errors'], packages: [VALIBOT] },
  'oci/vault': {
    rooms: ['oci/http', 'oci/models', 'oci/regions', 'platform', 'errors'],
    packages: [VALIBOT],
  },
  'oci/usage': { rooms: ['oci/http', 'errors'], packages: [VALIBOT] },
  'oci/context': {
    rooms: ['oci/resilience', 'oci/models', 'oci/http', 'limits', 'platform'],
  },
  'oci/chat': {
    rooms: [
      ...['oci/context', 'oci/resilience', 'oci/formats', 'oci/models', 'oci/http', 'oci/call'],
      ...['oci/answer', 'oci/json', 'oci/async'],
      ...['abort', 'chat', 'sse', 'steps', 'timeout', 'limits', 'platform', 'errors'],
    ],
  },
  'oci/actions': {
    rooms: [
      ...['oci/context', 'oci/resilience', 'oci/formats', 'oci/models', 'oci/http', 'oci/call'],
      ...['oci/answer', 'oci/json', 'oci/async'],
      ...['chat', 'embeddings', 'moderation', 'rerank', 'steps', 'limits', 'errors'],
    ],
    packages: [VALIBOT],
  },
  'oci/relay': {
    rooms: [
      ...['oci/context', 'oci/resilience', 'oci/models', 'oci/http', 'oci/call', 'oci/answer'],
      ...['oci/formats', 'oci/json', 'chat', 'sse', 'steps', 'object-kind', 'item-content'],
      ...['abort', 'timeout', 'platform', 'errors'],
    ],
  },
  'oci/respond': {
    rooms: [
      ...['oci/relay', 'oci/context', 'oci/resilience', 'oci/models', 'oci/call', 'oci/answer'],
    ],
  },
  'oci/client': {
    rooms: [
      ...['oci/respond', 'oci/actions', 'oci/relay', 'oci/chat', 'oci/context', 'oci/models'],
      ...['oci/call', 'oci/answer', 'chat', 'embeddings', 'moderation', 'rerank'],
    ],
  },

  'access': {
    rooms: [
      'abort',
      'prices',
      'store',
      'bounded-map',
      'object-kind',
      'timeout',
      'platform',
      'errors',
    ],
    webCrypto: true,
  },
  'telemetry': { rooms: ['bounded-map', 'timeout', 'platform', 'errors'] },
  'config': {
    rooms: [
      ...['loopback', 'expected-type', 'nearest-names', 'json-object', 'chat'],
      ...['access', 'oci/auth', 'oci/context', 'oci/models', 'oci/resilience', 'telemetry'],
      ...['limits', 'platform', 'errors'],
    ],
    packages: [VALIBOT, MOMOA],
  },
  'middleware': {
    rooms: [
      'loopback',
      'bounded-map',
      'timeout',
      'request-timers',
      'access',
      'metering',
      'prices',
      'store',
      'telemetry',
      'openai',
      'anthropic',
      'limits',
      'sse',
      'platform',
      'errors',
    ],
    packages: [HONO],
  },
  'routes': {
    rooms: [
      ...['abort', 'expected-type', 'nearest-names', 'telemetry', 'causes', 'console', 'version'],
      ...['middleware', 'access', 'metering', 'prices', 'store', 'openai', 'anthropic', 'cohere'],
      ...['oci/client', 'oci/relay', 'oci/models', 'oci/http', 'oci/call', 'oci/answer'],
      ...[
        'oci/async',
        'chat',
        'rerank',
        'sse',
        'json-depth',
        'json-object',
        'steps',
        'release-bytes',
        'read-into-memory',
        'timeout',
        'limits',
        'platform',
        'errors',
      ],
    ],
    packages: [HONO, VALIBOT],
  },
  'app-state': {
    rooms: ['routes', 'metering', 'access', 'openai', 'telemetry', 'limits', 'platform'],
  },
  'app': {
    rooms: [
      ...['routes', 'middleware', 'oci/client', 'app-state', 'access', 'config', 'telemetry'],
      ...['metering'],
      ...['limits', 'platform', 'errors'],
    ],
    packages: [HONO],
  },
  'console': { rooms: [], packages: CONSOLE_PACKAGES },
  'clients': { rooms: ['platform', 'causes'], packages: [EXAMPLES] },
  'simulator': { rooms: [], packages: [HONO, NOBLE_HASHES], webCrypto: true },
  'entry': {
    rooms: [
      ...['loopback', 'release-bytes', 'read-into-memory'],
      ...['app', 'app-state', 'middleware', 'config', 'access', 'metering', 'store', 'telemetry'],
      ...['oci/client', 'oci/context', 'oci/auth', 'oci/resilience', 'oci/models', 'oci/http'],
      ...['oci/regions', 'oci/vault', 'sse', 'timeout', 'limits', 'version', 'platform', 'errors'],
    ],
    packages: [HONO, NODE_SERVER, NODE, UNDICI, ...DATABASE_DRIVERS],
    runtime: true,
  },
  'diagnosis': {
    rooms: [
      ...['entry', 'config', 'access', 'chat', 'causes', 'clients', 'nearest-names', 'loopback'],
      ...['oci/client', 'oci/context', 'oci/auth', 'oci/resilience', 'oci/models', 'oci/http'],
      ...['oci/signing', 'oci/regions', 'oci/async', 'platform', 'errors'],
    ],
    packages: [VALIBOT, MOMOA, /^toml-eslint-parser$/],
  },
  'cli': {
    rooms: [
      ...['entry', 'config', 'diagnosis', 'causes', 'simulator', 'chat', 'sse'],
      ...['access', 'prices', 'store', 'metering'],
      ...['oci/async', 'oci/auth', 'oci/http', 'oci/identity', 'oci/models', 'oci/regions'],
      ...['oci/usage', 'oci/vault', 'oci/actions', 'oci/json'],
      ...['clients', 'loopback', 'nearest-names', 'json-object', 'version', 'platform', 'errors'],
    ],
    packages: [NODE, CLACK, STRING_WIDTH, TO_JSON_SCHEMA, ...CONFIGURATION_FILES],
    runtime: true,
  },
  'package': {
    rooms: ['entry', 'cli', 'simulator', 'middleware', 'platform'],
    packages: [HONO, NODE],
    runtime: true,
  },
  'server': { rooms: ['entry', 'errors'], packages: [NODE], runtime: true },
}

/** The room of a file, given by its path below src/. */
export function roomOf(file: string): string {
  const [folder = '', inner = ''] = file.replace(/\.tsx?$/, '').split('/')
  return folder === 'oci' ? `oci/${inner}` : folder
}
