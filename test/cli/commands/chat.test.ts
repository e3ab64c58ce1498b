import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TypedInput } from '../../../src/cli/host.ts'
import { FakeFiles, type FakeHost, FakeInput, FakeOutput, runCli } from '../fake-host.ts'
import { createSimulatedHost } from '../simulated-host.ts'

const GROK = 'xai.grok-4.3'
const LLAMA = 'meta.llama-3.3-70b-instruct'
const TERMINAL = { isTerminal: true, hasColors: true }

interface OciMessage {
  role: string
  content: { type: string; text?: string; imageUrl?: { url: string } }[]
}

/** The members of OCI's request that the tests read. */
type OciChat = Record<string, unknown> & { messages: OciMessage[] }

/** A simulated host and the chats that OCI received. */
function setUp(parts: Partial<FakeHost> = {}) {
  const chats: OciChat[] = []
  const host = createSimulatedHost(parts, {
    onRequest: ({ json }) => {
      if (json) chats.push((json as { chatRequest: OciChat }).chatRequest)
    },
  })
  return { host, chats }
}

function pipe(text: string): Partial<FakeHost> {
  return { stdin: new FakeInput({ text }) }
}

function textsOf({ messages }: OciChat): string[] {
  return messages.map(({ role, content }) => `${role}: ${content.map(({ text }) => text).join()}`)
}

/** A directive that makes the simulator answer exactly this. */
function say(text: string): string {
  return `[[sim:say=${Buffer.from(text).toString('base64url')}]]`
}

describe('chat', () => {
  it('prints only the answer, and the figures on standard error', async () => {
    const { host } = setUp({ now: createClock() })
    const { status, stdout, stderr } = await runCli(['chat', GROK, 'What is OCI?'], host)
    assert.equal(status, 0)
    assert.equal(stdout, `This is the simulator speaking as ${GROK}. You said: What is OCI?\n`)
    assert.match(
      stderr,
      /^xai\.grok-4\.3 in us-chicago-1: \d+ prompt and \d+ completion tokens \(\d+ reasoning\), first token after 1\.00 s, total 2\.00 s\n$/,
    )
  })

  it('does not add a second line break', async () => {
    const { host } = setUp()
    assert.equal((await runCli(['chat', LLAMA, say('one\n')], host)).stdout, 'one\n')
  })

  const prompts: [args: string[], input: string, prompt: string][] = [
    [[], 'line one\nline two\n', 'line one\nline two'],
    [['Summarize:'], 'a\r\nb\r\n', 'Summarize:\n\na\r\nb'],
    [['Summarize'], '', 'Summarize'],
    [['what', 'is', 'this'], '\n', 'what is this'],
    [['--', '--json'], '', '--json'],
  ]
  for (const [args, input, prompt] of prompts) {
    it(`sends ${JSON.stringify(prompt)} for ${JSON.stringify([...args, input])}`, async () => {
      const { host, chats } = setUp(pipe(input))
      const { status } = await runCli(['chat', LLAMA, ...args], host)
      assert.equal(status, 0)
      assert.deepEqual(chats.map(textsOf), [[`USER: ${prompt}`]])
    })
  }

  it('chooses a model of the list if none is named', async () => {
    for (const args of [['chat'], ['chat', 'What is OCI?']]) {
      const { host } = setUp(pipe(args.length > 1 ? '' : 'What is OCI?'))
      const { status, stdout, stderr } = await runCli(args, host)
      assert.equal(status, 0, stderr)
      assert.match(stdout, /speaking as xai\.grok-4\.3\. You said: What is OCI\?/)
      assert.match(stderr, /^Model: xai\.grok-4\.3\n/)
    }
  })

  it('sends the flags', async () => {
    const files = new FakeFiles({ '/work/a.png': '\u0089PNG', '/abs/b.gif': 'GIF89a' })
    files.readBytes = (path) =>
      Promise.resolve(Buffer.from(files.contents.get(path) ?? '', 'latin1'))
    const { host, chats } = setUp({ files })
    const { status, stderr } = await runCli(
      'chat google.gemini-2.5-pro What? --system Brief. --max-tokens 50 --temperature 0.5 ' +
        '--image a.png --image /abs/b.gif --reasoning-effort low',
      host,
    )
    assert.equal(status, 0, stderr)
    const [{ messages, ...chat } = { messages: [] }] = chats
    const { maxTokens, temperature, reasoningEffort } = chat
    assert.deepEqual([maxTokens, temperature, reasoningEffort], [50, 0.5, 'LOW'])
    assert.deepEqual(messages.map(({ role }) => role), ['SYSTEM', 'USER'])
    assert.deepEqual(messages[0]?.content, [{ type: 'TEXT', text: 'Brief.' }])
    assert.equal(messages[1]?.content.at(-1)?.text, 'What?')
    const urls = messages[1]?.content.flatMap(({ imageUrl }) => imageUrl?.url ?? [])
    assert.deepEqual(urls, ['data:image/png;base64,iVBORw==', 'data:image/gif;base64,R0lGODlh'])
  })

  it('--json prints a line per chunk, with --no-stream one object', async () => {
    const streamed = await runCli(['chat', GROK, 'Hi', '--json'], setUp().host)
    const chunks = streamed.stdout.trimEnd().split('\n').map((line) => JSON.parse(line))
    assert.ok(chunks.length > 3)
    const text = chunks.map(({ choices: [choice] }) => choice?.delta.content ?? '').join('')
    assert.equal(text, `This is the simulator speaking as ${GROK}. You said: Hi`)
    assert.ok(chunks.at(-1).usage.completion_tokens > 0)

    const whole = await runCli(['chat', GROK, 'Hi', '--json', '--no-stream'], setUp().host)
    assert.equal(JSON.parse(whole.stdout).choices[0].message.content, text)
    assert.equal(whole.stdout.trimEnd().split('\n').length, 1)
  })

  it('--no-stream prints the complete answer', async () => {
    const { host } = setUp()
    const { stdout, stderr } = await runCli(['chat', LLAMA, say('one'), '--no-stream'], host)
    assert.equal(stdout, 'one\n')
    assert.match(stderr, /completion tokens, total/)
  })

  it('prints the reasoning on standard error, unless --no-reasoning', async () => {
    for (const flags of [[], ['--no-stream']]) {
      const prompt = `[[sim:reasoning]] ${say('one')}`
      const { stdout, stderr } = await runCli(['chat', GROK, prompt, ...flags], setUp().host)
      assert.equal(stdout, 'one\n')
      assert.match(stderr, /^\S.*\n\nxai\.grok-4\.3 in /)
      const quiet = await runCli(
        ['chat', GROK, prompt, ...flags, '--no-reasoning'],
        setUp().host,
      )
      assert.match(quiet.stderr, /^xai\.grok-4\.3 in /)
    }
    const stderr = new FakeOutput(TERMINAL)
    await runCli(['chat', GROK, '[[sim:reasoning]]'], setUp({ stderr }).host)
    assert.ok(stderr.text.startsWith('\x1b[2m'), JSON.stringify(stderr.text))
  })

  it('reports why an answer ended early', async () => {
    const cases: [args: string[], line: RegExp][] = [
      [['Hi', '--max-tokens', '2'], /^The answer is cut at the output limit/],
      [['[[sim:content-filter]] Hi'], /^The content filter stopped the answer/],
      [['[[sim:empty finish=stop]]'], /^The model wrote no text/],
    ]
    for (const [args, line] of cases) {
      const { status, stderr } = await runCli(['chat', LLAMA, ...args], setUp().host)
      assert.equal(status, 0)
      assert.match(stderr, line)
    }
  })

  const failures: [args: string[], stdout: RegExp, stderr: RegExp][] = [
    [['xai.grok-4.33', 'Hi'], /^$/, /^Cannot find the model .*Nearest names: "xai\.grok-4\.3"/],
    [[LLAMA, '[[sim:context-length]]'], /^$/, /\w/],
    [['x'.repeat(257), 'Hi'], /^$/, /^"model" must be at most 256 characters/],
    [[LLAMA, '[[sim:cut-after=3]]'], /^This is/, /^OCI's stream was interrupted/],
    [[LLAMA, '[[sim:end-after=3]]'], /^This is/, /\w/],
    [[LLAMA, '[[sim:error-event=oci]]'], /^This\n$/, /\w/],
    [[LLAMA, '[[sim:cut-after=3]]', '--json'], /"error":\{[^\n]*\}\n$/, /^OCI's stream/],
    [[LLAMA, '[[sim:cut-after=3]]', '--no-stream'], /^$/, /\w/],
    [[LLAMA, 'Hi', '--image', 'none.png'], /^$/, /^Cannot read the image none\.png: the file does/],
    [[LLAMA, 'Hi', '--image', 'folder'], /^$/, /^Cannot read the image folder: EISDIR/],
    [[LLAMA, 'Hi', '--image', 'a.txt'], /^$/, /^Cannot read the image a\.txt: it is not a PNG/],
  ]
  for (const [args, stdout, stderr] of failures) {
    it(`ends with status 1 after ${args.join(' ')}`, async () => {
      const files = new FakeFiles({ '/work/a.txt': 'text' })
      const readBytes = files.readBytes.bind(files)
      files.readBytes = (path) =>
        path === '/work/folder' ? Promise.reject(new Error('EISDIR')) : readBytes(path)
      const { host } = setUp({ files })
      const result = await runCli(['chat', ...args], host)
      assert.equal(result.status, 1, result.stdout)
      assert.match(result.stdout, stdout)
      assert.match(result.stderr, stderr)
    })
  }

  it('names doctor where it finds the cause', async () => {
    const unreachable = () => Promise.reject(new TypeError('fetch failed'))
    const { host } = setUp({
      fetch: unreachable,
      env: { GATEWAY_CONFIG: '{"retry":{"maxAttempts":1}}' },
    })
    const { status, stderr } = await runCli(['chat', LLAMA, 'Hi'], host)
    assert.equal(status, 1)
    assert.match(stderr, /^Cannot reach OCI.*\noci-gateway doctor finds the cause\n$/)
  })

  const usageErrors: [args: string[], message: string][] = [
    [[LLAMA], 'The prompt is empty'],
    [[LLAMA, '  '], 'The prompt is empty'],
    [[LLAMA, 'Hi', '--temperature', 'hot'], '--temperature must be a number'],
    [[LLAMA, 'Hi', '--max-tokens', '0'], '--max-tokens must be a whole number from 1'],
    [['', 'Hi'], 'MODEL is empty'],
    [[LLAMA, 'Hi', '--max-tokens', 'all'], '--max-tokens must be a whole number'],
    [[LLAMA, 'Hi', '--reasoning-effort', 'hihg'], 'Unknown value of --reasoning-effort "hihg"'],
  ]
  for (const [args, message] of usageErrors) {
    it(`ends with status 2 after ${args.join(' ')}`, async () => {
      const { host, chats } = setUp()
      const { status, stderr } = await runCli(['chat', ...args], host)
      assert.equal(status, 2)
      assert.ok(stderr.startsWith(message), stderr)
      assert.equal(chats.length, 0)
    })
  }

  it('uses a configured API key, aliases and fallbacks, and prints warnings', async () => {
    const env = {
      GATEWAY_CONFIG: JSON.stringify({
        access: { apiKeys: ['secret-key'] },
        aliases: { best: 'meta.sim-status-500' },
        fallbacks: { 'meta.sim-status-500': [LLAMA] },
        retry: { maxAttempts: 2 },
      }),
    }
    const { status, stdout, stderr } = await runCli(['chat', 'best', 'Hi'], setUp({ env }).host)
    assert.equal(status, 0, stderr)
    assert.match(stdout, new RegExp(`speaking as ${LLAMA}`))
    assert.match(stderr, new RegExp(`^${LLAMA} in us-chicago-1: `, 'm'))
    assert.match(stderr, /^Warning: model fallback \(/)
  })

  it('ends quietly when the reader of the pipe is gone', async () => {
    const stdout = new FakeOutput()
    stdout.drained = () => Promise.resolve(stdout.close())
    const { status, stderr } = await runCli(
      ['chat', LLAMA, '[[sim:stall-after=3]]'],
      setUp({ stdout }).host,
    )
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' })
  })

  it('fails if the output cannot be written', async () => {
    const stdout = new FakeOutput()
    stdout.drained = () => Promise.resolve(stdout.close(new Error('Cannot write: disk full')))
    const { status, stderr } = await runCli(['chat', LLAMA, 'Hi'], setUp({ stdout }).host)
    assert.deepEqual({ status, stderr }, { status: 1, stderr: 'Cannot write: disk full\n' })
  })

  it('waits for a slow reader', async () => {
    const stdout = new FakeOutput()
    let resume = () => {}
    const waiting = new Promise<void>((isWaiting) => {
      stdout.drained = () => {
        isWaiting()
        return new Promise((resolve) => resume = resolve)
      }
    })
    const done = runCli(['chat', LLAMA, 'Hi'], setUp({ stdout }).host)
    await waiting
    const before = stdout.text
    await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(stdout.text, before)
    stdout.drained = () => Promise.resolve()
    resume()
    assert.equal((await done).status, 0)
    assert.match(stdout.text, /You said: Hi\n$/)
  })

  it('ends with status 130 on Ctrl+C', async () => {
    const interruption = new AbortController()
    const stdout = new FakeOutput()
    stdout.drained = () => Promise.resolve(interruption.abort())
    const { host } = setUp({ stdout, signal: interruption.signal })
    const { status, stderr } = await runCli(['chat', LLAMA, '[[sim:stall-after=3]]'], host)
    assert.deepEqual({ status, stderr }, { status: 130, stderr: '' })
  })

  it('ends with status 130 on Ctrl+C while it waits for standard input', async () => {
    const interruption = new AbortController()
    const stdin = new FakeInput()
    stdin.readAll = () => {
      interruption.abort()
      return new Promise(() => {})
    }
    const { host } = setUp({ stdin, signal: interruption.signal })
    assert.equal((await runCli(['chat', LLAMA], host)).status, 130)
  })

  it('removes control characters of an answer on a terminal only', async () => {
    const prompt = say('a\x1b]0;title\x07b\r\n\tc\x9b2J')
    const piped = await runCli(['chat', LLAMA, prompt], setUp().host)
    assert.equal(piped.stdout, 'a\x1b]0;title\x07b\r\n\tc\x9b2J\n')
    const stdout = new FakeOutput(TERMINAL)
    await runCli(['chat', LLAMA, prompt], setUp({ stdout }).host)
    assert.equal(stdout.text, 'a]0;titleb\n\tc2J\n')
  })
})

describe('chat without a prompt on a terminal', () => {
  it('is a conversation with several turns', async () => {
    const stdin = new FakeInput({ typed: [say('one'), '', '  ', 'Two\nlines', '/exit', 'three'] })
    const { host, chats } = setUp({ stdin })
    const { status, stdout, stderr } = await runCli(['chat', LLAMA, '--system', 'Brief.'], host)
    assert.equal(status, 0, stderr)
    assert.equal(stdout, `one\nThis is the simulator speaking as ${LLAMA}. You said: Two\nlines\n`)
    assert.deepEqual(chats.map(textsOf), [
      ['SYSTEM: Brief.', `USER: ${say('one')}`],
      ['SYSTEM: Brief.', `USER: ${say('one')}`, 'ASSISTANT: one', 'USER: Two\nlines'],
    ])
    assert.match(stderr, /^meta\.llama-3\.3-70b-instruct in us-chicago-1\. \/exit or Ctrl\+D/)
    assert.equal(stdin.prompts.length, 5)
  })

  it('/clear starts a new conversation, /help lists the commands', async () => {
    const stdin = new FakeInput({ typed: ['One', '/clear', 'Two', '/help'] })
    const { host, chats } = setUp({ stdin })
    const { stderr } = await runCli(['chat', LLAMA], host)
    assert.deepEqual(chats.map(textsOf), [['USER: One'], ['USER: Two']])
    assert.equal(stderr.split('/exit or Ctrl+D').length - 1, 2)
  })

  it('sends images with the first message only', async () => {
    const files = new FakeFiles({ '/work/a.gif': 'GIF89a' })
    const { host, chats } = setUp({ files, stdin: new FakeInput({ typed: ['One', 'Two'] }) })
    await runCli('chat google.gemini-2.5-pro --image a.gif', host)
    const images = chats.map(({ messages }) =>
      messages.map(({ content }) => content.filter(({ type }) => type === 'IMAGE').length)
    )
    assert.deepEqual(images, [[1], [1, 0, 0]])
  })

  it('Ctrl+C stops the answer and keeps the conversation', async () => {
    let interrupt = () => {}
    const stdout = new FakeOutput()
    stdout.drained = () => Promise.resolve(stdout.text === '' ? undefined : interrupt())
    const { host, chats } = setUp({
      ...{ stdout, stdin: new FakeInput({ typed: ['[[sim:stall-after=3]]', 'Two'] }) },
      onInterrupt(action) {
        interrupt = action
        // The second answer is not stopped.
        return () => stdout.drained = () => Promise.resolve()
      },
    })
    const { status, stderr } = await runCli(['chat', LLAMA], host)
    assert.equal(status, 0, stderr)
    assert.match(stderr, /The answer was stopped\./)
    const [first, partial, second] = textsOf(chats[1] ?? { messages: [] })
    assert.equal(first, 'USER: [[sim:stall-after=3]]')
    assert.match(partial ?? '', /^ASSISTANT: This/)
    assert.equal(second, 'USER: Two')
  })

  it('an error ends neither the conversation nor is its message kept', async () => {
    const stdin = new FakeInput({ typed: ['[[sim:context-length]]', 'Two'] })
    const { host, chats } = setUp({ stdin })
    const { status, stdout } = await runCli(['chat', LLAMA], host)
    assert.equal(status, 0)
    assert.match(stdout, /You said: Two\n$/)
    assert.deepEqual(textsOf(chats.at(-1) ?? { messages: [] }), ['USER: Two'])
  })

  it('ends with Ctrl+D, or Ctrl+C twice', async () => {
    const interrupt: TypedInput = { type: 'interrupt' }
    const cases: [typed: (string | TypedInput)[], prompts: number][] = [
      [[], 1],
      [[{ type: 'end' }], 1],
      [[interrupt, interrupt, 'One'], 2],
      [[interrupt, '', interrupt, { type: 'end' }], 4],
    ]
    for (const [typed, prompts] of cases) {
      const stdin = new FakeInput({ typed })
      const { host, chats } = setUp({ stdin })
      const { status, stdout } = await runCli(['chat', LLAMA], host)
      assert.deepEqual({ status, stdout, chats }, { status: 0, stdout: '', chats: [] })
      assert.equal(stdin.prompts.length, prompts)
    }
  })

  it('ends with status 130 on SIGTERM, and refuses --json', async () => {
    const interruption = new AbortController()
    const stdin = new FakeInput({ typed: ['One'] })
    stdin.openLines = () => ({
      read: () => Promise.resolve(interruption.abort()).then(() => ({ type: 'end' })),
      close: () => {},
    })
    const { host } = setUp({ stdin, signal: interruption.signal })
    assert.equal((await runCli(['chat', LLAMA], host)).status, 130)
    const json = await runCli(['chat', LLAMA, '--json'], setUp({ stdin }).host)
    assert.equal(json.status, 2)
    assert.match(json.stderr, /^--json needs a PROMPT/)
  })
})

/** A clock that advances by a second with each reading. */
function createClock(): () => number {
  let now = 0
  return () => now += 1000
}
