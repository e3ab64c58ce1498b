import assert from 'node:assert/strict'
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { after, describe, it } from 'node:test'
import { join } from 'node:path'
import process from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { valueOf } from '../telemetry/metrics/read-metrics.ts'
import { startOci } from './oci.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const MAIN = 'src/cli/main.ts'
const COMMANDS = {
  node: ['node', MAIN],
  bun: ['bun', MAIN],
  deno: ['deno', 'run', '-A', '--node-modules-dir=manual', MAIN],
} as const
const MODEL = 'xai.grok-4.3'

type Child = ChildProcessByStdio<Writable, Readable, Readable>

const oci = await startOci()
const { tenancy, user, fingerprint, privateKey } = oci.identity
after(() => oci.stop())

/** Starts a command. Its standard input is a socket, which stays open. */
function start([command, ...rest]: readonly [string, ...string[]], args: readonly string[]): Child {
  return spawn(join(root, 'node_modules/.bin', command), [...rest, ...args], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      OCI_CLI_TENANCY: tenancy,
      OCI_CLI_USER: user,
      OCI_CLI_FINGERPRINT: fingerprint,
      OCI_CLI_KEY_CONTENT: privateKey,
      OCI_CLI_REGION: 'us-chicago-1',
      OCI_GENAI_ENDPOINT: oci.url,
      OCI_GENAI_CONTROL_ENDPOINT: oci.url,
    },
  })
}

/** The base URL that a server prints, without `/v1`. Reads on, because the server writes more. */
function baseUrl({ stderr }: Child): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let printed = ''
  stderr.on('data', (chunk) => {
    printed += chunk
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(printed) ?? []
    if (url !== undefined) resolve(url)
  })
  stderr.once('close', () => reject(new Error(printed)))
  return promise
}

function statusOf(child: Child): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve))
}

describe('the command line as a process', { concurrency: 2 }, () => {
  for (const [runtime, command] of Object.entries(COMMANDS)) {
    it(`${runtime} answers a prompt although standard input stays open`, async () => {
      const child = start(command, ['chat', MODEL, 'Hi'])
      const [stdout, status] = await Promise.all([text(child.stdout), statusOf(child)])
      assert.equal(stdout, `This is the simulator speaking as ${MODEL}. You said: Hi\n`)
      assert.equal(status, 0)
    })

    it(`${runtime} reads a prompt from standard input`, async () => {
      const child = start(command, ['chat', MODEL])
      child.stdin.end('[[sim:big=300000]] Hi\n')
      const [stdout, status] = await Promise.all([text(child.stdout), statusOf(child)])
      assert.match(stdout, /x{300000}.*You said: Hi\n$/)
      assert.equal(status, 0)
    })

    it(`${runtime} ends quietly when the reader is gone`, async () => {
      const child = start(command, ['chat', MODEL, '[[sim:delay=20]] one two three four', '--json'])
      child.stdout.once('data', () => child.stdout.destroy())
      const [stderr, status] = await Promise.all([text(child.stderr), statusOf(child)])
      assert.equal(status, 0, stderr)
      assert.doesNotMatch(stderr, /EPIPE|tokens/)
    })

    for (const name of ['demo', 'serve']) {
      it(`${runtime} ${name} measures its process, and keeps running on SIGHUP`, async () => {
        const child = start(command, [name, '--port', '0'])
        try {
          const url = await baseUrl(child)
          child.kill('SIGHUP')
          const metrics = await (await fetch(`${url}/metrics`)).text()
          const memory = valueOf(metrics, 'process_resident_memory_bytes', {})
          assert.ok(memory > 10 * 2 ** 20, metrics)
          assert.ok(valueOf(metrics, 'process_cpu_seconds_total', {}) > 0)
          assert.equal((await fetch(`${url}/health`)).status, 200)
          assert.equal(child.stderr.destroyed, false)
        } finally {
          child.kill('SIGKILL')
        }
      })
    }

    it(`${runtime} ends with status 130 on Ctrl+C while it waits for input`, async () => {
      const child = start(command, ['chat', MODEL])
      child.stderr.once('data', () => child.kill('SIGINT'))
      assert.equal(await statusOf(child), 130)
    })
  }
})
