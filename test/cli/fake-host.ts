import { COMMANDS } from '../../src/cli/commands.ts'
import type { FileState, Host, HostFiles, TextOutput } from '../../src/cli/host.ts'
import { runCommandLine } from '../../src/cli/run.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Files in memory, by absolute path. */
export class FakeFiles implements HostFiles {
  readonly home = '/home/me'
  readonly contents: Map<string, string>
  readonly modes = new Map<string, number>()
  /** What `inspect` returns for paths that are not files of this user. */
  readonly states = new Map<string, FileState>()

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

  inspect(path: string): Promise<FileState> {
    const file = { type: 'file', path, isReadOnly: false, isOfOtherUser: false } as const
    const found = this.contents.has(path) ? file : { type: 'missing' } as const
    return Promise.resolve(this.states.get(path) ?? found)
  }

  remove(path: string): Promise<void> {
    this.contents.delete(path)
    return Promise.resolve()
  }
}

/** An output that keeps its text. */
export class FakeOutput implements TextOutput {
  text = ''
  readonly isTerminal: boolean = false
  readonly hasColors: boolean = false
  readonly columns: number = 80

  /** @param parts a terminal: `{ isTerminal: true, columns: 120 }` */
  constructor(parts: Partial<Pick<TextOutput, 'isTerminal' | 'hasColors' | 'columns'>> = {}) {
    Object.assign(this, parts)
  }

  write(text: string): void {
    this.text += text
  }
}

/** Actions that a test runs when it wants to: `createFakeHost({ schedule: timers.schedule })`. */
export class FakeTimers {
  readonly #actions = new Set<() => void>()

  readonly schedule: Host['schedule'] = (_ms, action) => {
    this.#actions.add(action)
    return () => void this.#actions.delete(action)
  }

  /** Runs the actions that are scheduled now, and returns their number. */
  run(): number {
    const actions = [...this.#actions]
    this.#actions.clear()
    for (const action of actions) action()
    return actions.length
  }
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
    now: Date.now,
    sleep: () => Promise.resolve(),
    // Scheduled actions are progress displays, which a test has no time for. See `FakeTimers`.
    schedule: () => () => {},
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
