import type { Check } from '../client.ts'
import { calling, saying } from '../directives.ts'
import { PICTURE } from '../picture.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }
const READ = `Look it up ${calling('read', { path: 'notes.txt' })}`

/** OpenClaw compacts a conversation with a few of these; all of them fit into the context window. */
const LONG = 'The harbour opens at seven and the ferry leaves at eight. '.repeat(1_000)

export const CHECKS: readonly Check[] = [
  {
    name: 'answers a question',
    steps: [{
      run: exec('Hello there'),
      prints: [/"ok": true/, /speaking as xai\.grok-4\.3\. You said: .*Hello there/],
    }],
  },
  {
    name: 'runs a tool and returns its result',
    files: NOTES,
    steps: [{
      run: exec(READ),
      prints: [/The tools answered: The harbour opens at seven/, /"assistantTurns": 2/],
    }],
  },
  {
    name: 'runs a command',
    steps: [{
      run: exec(`Count ${calling('exec', { command: 'echo $((6 * 7))' })}`),
      prints: [/The tools answered: 42/],
    }],
  },
  {
    name: 'keeps a conversation over several turns',
    steps: [
      { run: turn('My boat is called Plover'), prints: [/You said: .*Plover/] },
      {
        run: turn('And what did I say?'),
        prints: [/You said: .*And what did I say/],
        sends: [/My boat is called Plover[\s\S]*And what did I say/],
      },
    ],
  },
  {
    name: 'sends a reasoning effort and hides the reasoning',
    steps: [{
      run: [...exec('Think about it'), '--model', 'oci/openai.gpt-oss-120b', '--thinking', 'high'],
      prints: [/"ok": true/, /You said: .*Think about it/],
      never: [/The user said/],
      sends: [/"reasoningEffort":"HIGH"/],
    }],
  },
  {
    name: 'sends an image',
    files: { 'work/dot.png': PICTURE },
    steps: [{
      run: ['infer', 'image', 'describe', '--file', 'dot.png', '--model', 'oci/xai.grok-4.3'],
      prints: [/You sent image 1 of 1/],
      sends: [/"type":"IMAGE"/],
    }],
  },
  {
    name: 'searches its memory with embeddings',
    files: { '.openclaw/workspace/MEMORY.md': '# Facts\n\nThe harbour opens at seven.\n' },
    steps: [
      { run: ['memory', 'index', '--force', '--agent', 'main'], prints: [], sends: [/embedText/] },
      {
        run: ['memory', 'search', '--json', 'When does the harbour open?'],
        prints: [/The harbour opens at seven/],
        sends: [/embedText .*When does the harbour open/],
      },
    ],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: exec('Too much [[sim:context-length]]'),
      exit: 1,
      prints: [/Context overflow: prompt too large for the model/],
    }],
  },
  {
    name: 'compacts a conversation that is too long and continues',
    steps: [
      ...['One', 'Two', 'Three', 'Four'].map((name) => ({
        run: turn(`${LONG} ${name} ${saying(`${name} is noted.`)}`),
        prints: [/is noted/],
      })),
      {
        run: turn('Go on [[sim:context-length times=1 key=compaction]]'),
        prints: [/You said: .*Go on/],
        sends: [/context summarization assistant/],
      },
    ],
  },
  {
    name: 'retries after a rate limit',
    steps: [{
      run: exec('Hello [[sim:status=429 times=3 key=rate]]'),
      prints: [/"ok": true/, /status=429/],
    }],
  },
  {
    name: 'waits for the time of Retry-After',
    steps: [{
      run: exec('Hello [[sim:status=429 retry-after=21 times=1 key=wait]]'),
      prints: [/"ok": true/, /status=429/],
      atLeast: 21,
    }],
  },
  {
    name: 'retries after a broken stream',
    steps: [{
      run: exec('Hello [[sim:cut-after=4 times=1 key=cut]]'),
      prints: [/"ok": true/, /You said/],
    }],
  },
  {
    name: 'answers and runs a tool through Responses',
    files: NOTES,
    steps: [
      {
        run: [...exec('Hello there'), '--model', 'oci-responses/xai.grok-4.3'],
        prints: [/You said: .*Hello there/],
      },
      {
        run: [...exec(READ), '--model', 'oci-responses/xai.grok-4.3'],
        prints: [/The tools answered: The harbour opens at seven/],
      },
    ],
  },
  {
    name: "answers and runs a tool through Anthropic's Messages",
    files: NOTES,
    steps: [
      {
        run: [...exec('Hello there'), '--model', 'oci-messages/xai.grok-4.3'],
        prints: [/You said: .*Hello there/],
      },
      {
        run: [...exec(READ), '--model', 'oci-messages/xai.grok-4.3'],
        prints: [/The tools answered: The harbour opens at seven/],
      },
    ],
  },
]

/** A run without a stored conversation. */
function exec(prompt: string): readonly string[] {
  return ['agent', 'exec', '--json', '--cwd', '.', prompt]
}

/** A run that continues a stored conversation. */
function turn(prompt: string): readonly string[] {
  return ['agent', '--local', '--session-id', 'one', '--json', '--message', prompt]
}
