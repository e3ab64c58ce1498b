import { COMMANDS } from '../../src/cli/commands.ts'
import type { Host, HostFiles, TextOutput } from '../../src/cli/host.ts'
import { runCommandLine } from '../../src/cli/run.ts'
import type { Network } from '../../src/diagnosis/machine.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Files in memory, by absolute path. */
export class FakeFiles implements HostFiles {
  readonly home = '/home/me'
  readonly contents: Map<string, string>
  readonly modes = new Map<string, number>()

  constructor(contents: Readonly<Record<string, string>> = {}) {
    this.contents = new Map(Object.entries(contents))
  }

  read(path: string): Promise<string | undefined> {
    return Promise.resolve(this.contents.get(path))
  }

  mode(path: string): Promise<number | undefined> {
    return Promise.resolve(this.modes.get(path) ?? 0o600)
  }

  write(path: string, text: string): Promise<void> {
    this.contents.set(path, text)
    return Promise.resolve()
  }

  async readBytes(path: string): Promise<Uint8Array | undefined> {
    const text = await this.read(path)
    return text === undefined ? undefined : encoder.encode(text)
  }

  writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    return this.write(path, decoder.decode(bytes))
  }

  remove(path: string): Promise<void> {
    this.contents.delete(path)
    return Promise.resolve()
  }
}

/** An output that keeps its text. */
export class FakeOutput implements TextOutput {
  text = ''
  readonly isTerminal = false
  readonly hasColors = false
  readonly columns: number = 80

  write(text: string): void {
    this.text += text
  }
}

/** A network in which every name has an address, every connection opens and every port is free. */
export const FAKE_NETWORK: Network = {
  resolve: () => Promise.resolve(['192.0.2.1']),
  connect: () => Promise.resolve({ type: 'open', certificate: undefined }),
  tryListen: () => Promise.resolve(undefined),
}

/** A host in memory, without a network. */
export interface FakeHost extends Host {
  readonly files: FakeFiles
  readonly stdout: FakeOutput
  readonly stderr: FakeOutput
}

/** Creates a host with an empty environment and no files, unless `parts` has others. */
export function createFakeHost(parts: Partial<FakeHost> = {}): FakeHost {
  return {
    env: {},
    files: new FakeFiles(),
    cwd: '/work',
    stdin: { isTerminal: false, readAll: () => Promise.resolve('') },
    stdout: new FakeOutput(),
    stderr: new FakeOutput(),
    runtime: { name: 'node', version: '24.0.0' },
    fetch: (url) => Promise.reject(new Error(`No network in tests: ${url}`)),
    fetchWithCa: (url) => Promise.reject(new Error(`No network in tests: ${url}`)),
    network: FAKE_NETWORK,
    now: Date.now,
    sleep: () => Promise.resolve(),
    signal: new AbortController().signal,
    ...parts,
  }
}

/** Runs a command line such as `models --json` and returns what it printed. */
export async function runCli(
  line: string | readonly string[],
  host: FakeHost = createFakeHost(),
): Promise<{ status: number; stdout: string; stderr: string }> {
  const args = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line
  const status = await runCommandLine(args, host, COMMANDS)
  return { status, stdout: host.stdout.text, stderr: host.stderr.text }
}
