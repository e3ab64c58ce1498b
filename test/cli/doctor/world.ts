import { createSimulator, type SimulatorOptions } from '../../../src/simulator/app.ts'
import { createDemoIdentity, type DemoIdentity } from '../../../src/simulator/identity.ts'
import { createSessionIdentity } from '../../../src/simulator/session-identity.ts'
import { createTokenIssuer } from '../../../src/simulator/tokens/issuer.ts'
import type { Connection, ConnectionTarget } from '../../../src/diagnosis/machine.ts'
import type { Runtime } from '../../../src/cli/host.ts'
import { codedError, createFakeHost, FakeFiles, type FakeHost } from '../fake-host.ts'
import '../../simulator/reuse-keys.ts'

/** 2026-11-22T12:00:00Z: OCI's clock and, unless a fault changes it, that of the machine. */
export const NOW = Date.UTC(2026, 10, 22, 12)

export const CONFIG = '/home/me/.oci/config'
export const KEY = '/home/me/.oci/oci_api_key.pem'

/** The regions that have the Generative AI service in these tests. */
const SERVED = ['us-chicago-1', 'us-ashburn-1', 'eu-frankfurt-1']

/** A machine and OCI. A fault changes a part of a healthy world. */
export interface World {
  identity: DemoIdentity
  env: Record<string, string>
  files: FakeFiles
  runtime: Runtime
  /** By how many milliseconds the machine's clock is ahead of OCI's. */
  offset: number
  simulator: Partial<SimulatorOptions>
  /** Answers a call instead of the simulator, or throws. */
  intercept(url: URL, init: RequestInit): Response | undefined
  /** Host names without addresses. */
  unknownHosts: RegExp
  /** The connection to a host; `undefined` for one that opens. */
  connection(target: ConnectionTarget): Connection | undefined
  /** The codes of the errors of listening, by port. */
  takenPorts: Map<number, string>
  /** URLs of all calls. */
  calls: string[]
}

/** Creates a machine with an API key in `~/.oci/config` that OCI accepts. */
export async function createWorld(): Promise<World> {
  const identity = await createDemoIdentity()
  const world: World = {
    identity,
    env: {},
    files: new FakeFiles({ [KEY]: identity.privateKey }),
    runtime: { name: 'node', version: '24.21.0' },
    offset: 0,
    simulator: {},
    intercept: () => undefined,
    unknownHosts: /^$/,
    connection: () => undefined,
    takenPorts: new Map(),
    calls: [],
  }
  setProfile(world, {})
  return world
}

/** Writes the profile DEFAULT with some other settings; `undefined` leaves one out. */
export function setProfile(world: World, changes: Record<string, string | undefined>): void {
  const { tenancy, user, fingerprint } = world.identity
  const settings = { tenancy, user, fingerprint, region: 'us-chicago-1', key_file: KEY, ...changes }
  const lines = Object.entries(settings)
    .flatMap(([key, value]) => value === undefined ? [] : [`${key}=${value}`])
  world.files.contents.set(CONFIG, ['[DEFAULT]', ...lines, ''].join('\n'))
}

/** Replaces the API key by a session that `oci session authenticate` has opened. */
export async function openSession(world: World, { lifetime = 3_600, age = 0 } = {}): Promise<void> {
  const issuer = createTokenIssuer({ now: () => NOW - age })
  const session = await createSessionIdentity(issuer, { now: () => NOW, lifetime })
  world.identity = session
  world.simulator.issuer = age === 0 ? issuer : createTokenIssuer({ now: () => NOW })
  world.files.contents.set('/home/me/.oci/sessions/DEFAULT/token', session.token)
  world.files.contents.set(KEY, session.privateKey)
  setProfile(world, {
    ...{ user: undefined, fingerprint: undefined },
    security_token_file: '/home/me/.oci/sessions/DEFAULT/token',
  })
}

/** The host of a command in this world. */
export function hostOf(world: World): FakeHost {
  const { env, files, runtime, identity } = world
  const simulator = createSimulator({
    publicKeys: identity.publicKeys,
    ...{ now: () => NOW, eventDelay: 0, ...world.simulator },
  })
  return createFakeHost({
    ...{ env, files, runtime, now: () => NOW + world.offset },
    async fetch(text, init) {
      world.calls.push(text)
      const url = new URL(text)
      return world.intercept(url, init) ?? await simulator.fetch(new Request(url, init))
    },
    network: {
      resolve: (name) =>
        isKnown(name) && !world.unknownHosts.test(name)
          ? Promise.resolve(['192.0.2.1'])
          : Promise.reject(codedError('ENOTFOUND')),
      connect: (target) =>
        Promise.resolve(world.connection(target) ?? { type: 'open', certificate: undefined }),
      tryListen: ({ port }) => Promise.resolve(world.takenPorts.get(port)),
    },
  })
}

function isKnown(name: string): boolean {
  const region = /^(?:inference\.)?generativeai\.([a-z0-9-]+)\./.exec(name)?.[1]
  return region === undefined || SERVED.includes(region)
}

/** The error of a failed `fetch`, as Node throws it. */
export function fetchError(code: string): TypeError {
  return new TypeError('fetch failed', { cause: codedError(code) })
}
