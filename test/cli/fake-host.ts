import { posix } from 'node:path'
import { COMMANDS } from '../../src/cli/commands.ts'
import type {
  FileState,
  Host,
  HostFiles,
  LineReader,
  TextInput,
  TextOutput,
  TypedInput,
} from '../../src/cli/host.ts'
import { runCommandLine } from '../../src/cli/run.ts'
import type { Network } from '../../src/diagnosis/machine.ts'

const CWD = '/work'
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Files in memory, by absolute path. */
export class FakeFiles implements HostFiles {
  readonly home = '/home/me'
  readonly contents: Map<string, string>
  readonly modes = new Map<string, number>()
  /** What `inspect` returns for paths that are not files of this user. */
  readonly states = new Map<string, FileState>()
  /** The codes of the errors of files that cannot be read or written, by absolute path. */
  readonly failures = new Map<string, string>()

  readonly #locks = new Map<string, Promise<void>>()

  constructor(contents: Readonly<Record<string, string>> = {}) {
    const entries = Object.entries(contents)
    this.contents = new Map(entries.map(([path, text]) => [absolute(path), text]))
  }

  read(path: string): Promise<string | undefined> {
    const code = this.failures.get(absolute(path))
    if (code !== undefined) return Promise.reject(codedError(code))
    return Promise.resolve(this.contents.get(absolute(path)))
  }

  mode(path: string): Promise<number | undefined> {
    return Promise.resolve(this.modes.get(absolute(path)) ?? 0o600)
  }

  write(path: string, text: string): Promise<void> {
    this.contents.set(absolute(path), text)
    return Promise.resolve()
  }

  async readBytes(path: string): Promise<Uint8Array | undefined> {
    const text = await this.read(path)
    return text === undefined ? undefined : encoder.encode(text)
  }

  writeBytes(path: string, bytes: Uint8Array): Promise<void> {
    const code = this.failures.get(absolute(path))
    if (code !== undefined) return Promise.reject(codedError(code))
    return this.write(path, decoder.decode(bytes))
  }

  async lock(path: string): Promise<() => Promise<void>> {
    const earlier = this.#locks.get(absolute(path))
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#locks.set(absolute(path), promise)
    await earlier
    return () => Promise.resolve(resolve())
  }

  inspect(path: string): Promise<FileState> {
    const file = { type: 'file', path, isReadOnly: false, isOfOtherUser: false } as const
    const found = this.contents.has(absolute(path)) ? file : { type: 'missing' } as const
    return Promise.resolve(this.states.get(absolute(path)) ?? found)
  }

  remove(path: string): Promise<void> {
    this.contents.delete(absolute(path))
    return Promise.resolve()
  }
}

/** An error as the system reports it. */
export function codedError(code: string): Error {
  return Object.assign(new Error(code), { code })
}

/** A path as seen from the current directory. */
function absolute(path: string): string {
  return posix.resolve(CWD, path)
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

  failure: Error | undefined
  readonly #closing = new AbortController()

  write(text: string): void {
    if (!this.closed.aborted) this.text += text
  }

  drained(): Promise<void> {
    return Promise.resolve()
  }

  get closed(): AbortSignal {
    return this.#closing.signal
  }

  /** Ends the output: the reader of a pipe is gone, or text cannot be written. */
  close(failure?: Error): void {
    this.failure = failure
    this.#closing.abort(failure)
  }
}

/** A pipe, or with `typed` a terminal on which a person types. */
export class FakeInput implements TextInput {
  readonly isTerminal: boolean
  /** The prompts that were shown. */
  readonly prompts: string[] = []
  readonly #text: string
  readonly #typed: readonly (string | TypedInput)[]

  constructor(
    { text = '', typed }: { text?: string; typed?: readonly (string | TypedInput)[] } = {},
  ) {
    this.isTerminal = typed !== undefined
    this.#text = text
    this.#typed = typed ?? []
  }

  readAll(): Promise<string> {
    return Promise.resolve(this.#text)
  }

  readOptional(): Promise<string> {
    return this.readAll()
  }

  openLines(): LineReader {
    const rest = [...this.#typed]
    return {
      read: (prompt) => {
        this.prompts.push(prompt)
        const next = rest.shift() ?? { type: 'end' }
        return Promise.resolve(typeof next === 'string' ? { type: 'text', text: next } : next)
      },
      close: () => {},
    }
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
    cwd: CWD,
    stdin: new FakeInput(),
    stdout: new FakeOutput(),
    stderr: new FakeOutput(),
    runtime: { name: 'node', version: '24.0.0' },
    fetch: (url) => Promise.reject(new Error(`No network in tests: ${url}`)),
    fetchWithCa: (url) => Promise.reject(new Error(`No network in tests: ${url}`)),
    openPrompts: () => Promise.reject(new Error('No prompts in this test')),
    openStore: () => Promise.reject(new Error('No store in this test')),
    network: FAKE_NETWORK,
    now: Date.now,
    sleep: () => Promise.resolve(),
    // Scheduled actions are progress displays, which a test has no time for. See `FakeTimers`.
    schedule: () => () => {},
    signal: new AbortController().signal,
    onInterrupt: () => () => {},
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
