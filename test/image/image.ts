/**
 * Builds the container image with Debian's buildah and runs it with a read-only root file system:
 *
 *   npm run test:image
 *
 * No registry is needed. The base image is replaced by Debian's packages with the same libraries, and
 * the image of Node by the npm package `node`. NODE_IMAGE and BASE_IMAGE select others.
 */
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { after, before, describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { bundleJavaScript } from '../../tools/build/javascript.ts'
import { writeImageContext } from '../../tools/image/context.ts'
import { countCpu } from '../../bench/processes.ts'
import { type FakeOci, startOci } from '../runtimes/oci.ts'
import {
  ImageBuilder,
  type ImageConfig,
  missingBuilder,
  writeDebianFiles,
  writeNode,
} from './buildah.ts'
import {
  type Container,
  type ContainerProcess,
  idsOf,
  imageCommand,
  residentMemory,
  runInContainer,
} from './container.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const MAX_MEGABYTES = 60
const KEY = 'a-key-of-the-image-test'
const USER = '65532:65532'
/** The event of a stream comes this many milliseconds after the one before. */
const EVENT_DELAY = 40

const skip = await missingBuilder()

describe('the container image', { skip }, () => {
  let folder = ''
  let builder: ImageBuilder
  let config: ImageConfig
  let container: Container
  let oci: FakeOci

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-'))
    builder = new ImageBuilder(folder)
    await buildImage(builder, folder)
    config = await builder.config('localhost/gateway')
    container = { root: await builder.mount('localhost/gateway'), config }
    oci = await startOci(EVENT_DELAY)
  })
  after(async () => {
    oci.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const start = (
    at: Container,
    variables: Record<string, string>,
    command = imageCommand(config),
  ) => runInContainer(at, command, { ...ociVariables(oci), PORT: '0', ...variables })

  it('has labels, a user without privileges, a stop signal and a health check', () => {
    assert.equal(config.User, USER)
    assert.equal(config.StopSignal, 'SIGTERM')
    assert.deepEqual(Object.keys(config.ExposedPorts), ['8050/tcp'])
    assert.deepEqual(config.Healthcheck.Test.slice(-1), ['health'])
    const { Labels } = config
    assert.equal(Labels['org.opencontainers.image.version'], '1.2.3')
    assert.equal(Labels['org.opencontainers.image.licenses'], 'MIT')
    assert.ok(Labels['org.opencontainers.image.revision'])
  })

  it(`has at most ${MAX_MEGABYTES} MB, compressed`, async (t) => {
    const megabytes = await builder.compressedSize('localhost/gateway') / 1e6
    t.diagnostic(`compressed size: ${megabytes.toFixed(1)} MB`)
    assert.ok(megabytes <= MAX_MEGABYTES, `${megabytes} MB`)
  })

  it('does not start at all addresses without keys or a store', async () => {
    const { exited, output } = await start(container, {})
    assert.equal(await exited, 78)
    assert.match(output(), /GATEWAY_API_KEYS/)
  })

  it('answers, is healthy, drains on SIGTERM and writes no file', async (t) => {
    const gateway = await start(container, { GATEWAY_API_KEYS: KEY })
    const port = await portOf(gateway)
    assert.equal(await idsOf(gateway.pid), USER)
    assert.equal(await answer(port, KEY), 200)
    const check = ['/usr/local/bin/node', ...config.Healthcheck.Test.slice(2)]
    await reportHealth(t, () => start(container, { PORT: port }, check))
    t.diagnostic(`memory: ${(await residentMemory(gateway.pid)).toFixed(0)} MiB resident`)
    await drain(gateway, port)
    const afterwards = await start(container, { PORT: port }, check)
    assert.equal(await afterwards.exited, 1)
    assert.doesNotMatch(gateway.output(), /EROFS|EACCES|read-only/i)
    assert.deepEqual(await readdir(join(container.root, 'data')), [])
  })

  it('keeps keys and usage in SQLite on a volume', async () => {
    const data = join(folder, 'volume')
    await mkdir(data)
    const stored = { ...container, data }
    const variables = { GATEWAY_STORE: 'sqlite:/data/gateway.db' }
    const command = [...config.Entrypoint, 'keys', 'create', 'alice', '--json']
    const creation = await start(stored, variables, command)
    assert.equal(await creation.exited, 0, creation.output())
    const [key = ''] = /ogk_\w+/.exec(creation.output()) ?? []
    const gateway = await start(stored, variables)
    const port = await portOf(gateway)
    assert.deepEqual([await answer(port, key), await answer(port, 'another')], [200, 401])
    process.kill(gateway.pid, 'SIGTERM')
    assert.equal(await gateway.exited, 0, gateway.output())
    const { uid, size } = await stat(join(data, 'gateway.db'))
    assert.ok(uid === 65532 && size > 0)
  })
})

async function buildImage(builder: ImageBuilder, folder: string): Promise<void> {
  const dist = join(ROOT, 'dist')
  await rm(dist, { recursive: true, force: true })
  await bundleJavaScript(ROOT, dist, [])
  const context = join(folder, 'context')
  await writeImageContext(ROOT, context)
  const { NODE_IMAGE = 'localhost/node', BASE_IMAGE = 'localhost/base' } = process.env
  if (NODE_IMAGE === 'localhost/node') {
    await writeNode(join(folder, 'node'), ROOT)
    await builder.buildFromFiles(NODE_IMAGE, join(folder, 'node'))
  }
  if (BASE_IMAGE === 'localhost/base') {
    await writeDebianFiles(join(folder, 'base'), join(folder, 'packages'))
    await builder.buildFromFiles(BASE_IMAGE, join(folder, 'base'))
  }
  const args = [`NODE_IMAGE=${NODE_IMAGE}`, `BASE_IMAGE=${BASE_IMAGE}`, 'VERSION=1.2.3']
  await builder.build('localhost/gateway', context, [
    ...args.flatMap((arg) => ['--build-arg', arg]),
    ...['--file', join(ROOT, 'Containerfile')],
  ])
}

function ociVariables({ url, identity }: FakeOci): Record<string, string> {
  return {
    OCI_GENAI_ENDPOINT: url,
    OCI_GENAI_CONTROL_ENDPOINT: url,
    OCI_REGION: 'us-chicago-1',
    OCI_COMPARTMENT_ID: identity.compartment,
    OCI_CLI_TENANCY: identity.tenancy,
    OCI_CLI_USER: identity.user,
    OCI_CLI_FINGERPRINT: identity.fingerprint,
    OCI_CLI_KEY_CONTENT: identity.privateKey,
  }
}

async function portOf(gateway: ContainerProcess): Promise<string> {
  const [, port = ''] = await gateway.printed(/listens on http:\/\/[^\s/]+:(\d+)/)
  return port
}

function chat(port: string, key: string, body: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      model: 'xai.grok-4.3',
      messages: [{ role: 'user', content: 'Count from one to ten, in words.' }],
      ...body,
    }),
  })
}

/** The status of one answer. */
async function answer(port: string, key: string): Promise<number> {
  const response = await chat(port, key, {})
  await response.text()
  return response.status
}

async function reportHealth(
  t: TestContext,
  check: () => Promise<ContainerProcess>,
): Promise<void> {
  const running = await check()
  const cpu = countCpu([running.pid])
  await running.printed(/answers/)
  t.diagnostic(`health check: ${Math.round(cpu() / 1000)} ms of CPU`)
  assert.equal(await running.exited, 0, running.output())
}

/** A stream that runs when the signal arrives is complete, and new requests are rejected. */
async function drain(gateway: ContainerProcess, port: string): Promise<void> {
  const response = await chat(port, KEY, { stream: true })
  process.kill(gateway.pid, 'SIGTERM')
  const text = await response.text()
  assert.match(text, /data: \[DONE\]\n\n$/)
  assert.equal(await gateway.exited, 0, gateway.output())
}
