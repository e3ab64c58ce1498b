import type { Check } from '../client.ts'
import { calling } from '../directives.ts'
import { PICTURE } from '../picture.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }
const READ = `Look it up ${calling('bash', { command: 'cat notes.txt', description: 'Reads' })}`
const EDIT = `Change it ${
  calling('edit', { path: 'notes.txt', old_str: 'seven', new_str: 'eight' })
}`

export const CHECKS: readonly Check[] = [
  {
    name: 'answers a question',
    steps: [{
      run: exec('Hello there'),
      prints: [/speaking as xai\.grok-4\.3\. You said: [\s\S]*Hello there/],
      sends: [/"isStream":true/],
    }],
  },
  {
    name: 'prints an answer as it arrives',
    steps: [{
      run: [...exec('Hello there'), '--output-format', 'json'],
      prints: [/"assistant\.message_delta".*"deltaContent":" there"/],
    }],
  },
  {
    name: 'edits a file',
    files: NOTES,
    steps: [{
      run: exec(EDIT),
      prints: [/The tools answered: .*updated/],
      leaves: { 'work/notes.txt': /^The harbour opens at eight\.$/ },
    }],
  },
  {
    name: 'runs a command and continues the conversation',
    files: NOTES,
    steps: [
      { run: exec(READ), prints: [/The tools answered: The harbour opens at seven/] },
      {
        run: [...exec('And what did I say?'), '--continue'],
        prints: [/You said: [\s\S]*And what did I say/],
        sends: [/Look it up[\s\S]*opens at seven[\s\S]*And what did I say/],
      },
    ],
  },
  {
    name: 'compacts a conversation and continues',
    steps: [
      { run: exec('My boat is called Plover'), prints: [/You said/] },
      { run: [...exec('/compact'), '--continue'], prints: [/./] },
      {
        run: [...exec('And what did I say?'), '--continue'],
        prints: [/You said: [\s\S]*And what did I say/],
      },
    ],
  },
  {
    name: 'sends a reasoning effort',
    files: NOTES,
    steps: [{
      run: [...exec(READ), '--model', 'openai.gpt-oss-120b', '--reasoning-effort', 'high'],
      prints: [/speaking as openai\.gpt-oss-120b\. The tools answered: .*opens at seven/],
      sends: [/"reasoningEffort":"HIGH"/],
    }],
  },
  {
    name: 'sends an image',
    files: { 'work/dot.png': PICTURE },
    steps: [{
      run: [...exec('What is this?'), '--attachment', 'dot.png'],
      prints: [/image 1 of 1/],
      sends: [/"type":"IMAGE"/],
    }],
  },
  {
    name: 'reports an unknown model',
    steps: [{
      run: [...exec('Hello there'), '--model', 'xai.grok-5000'],
      exit: 1,
      prints: [/Model 'xai\.grok-5000' not found on provider/],
    }],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: exec('Hello [[sim:context-length]]'),
      exit: 1,
      prints: [/maximum context length is 1000000 tokens/],
    }],
  },
  {
    name: 'succeeds after a short rate limit',
    steps: [{
      run: exec('Hello [[sim:status=429 times=2 key=rate]]'),
      prints: [/You said: [\s\S]*Hello/],
    }],
  },
  {
    name: 'retries after a broken stream',
    steps: [{
      run: exec('Hello [[sim:cut-after=4 times=1 key=cut]]'),
      prints: [/You said: [\s\S]*Hello/],
    }],
  },
  {
    name: 'answers and edits a file through Responses',
    files: NOTES,
    steps: [{
      run: exec(EDIT),
      env: () => ({ COPILOT_PROVIDER_WIRE_API: 'responses' }),
      prints: [/The tools answered: .*updated/],
      leaves: { 'work/notes.txt': /^The harbour opens at eight\.$/ },
    }],
  },
  {
    name: "answers and edits a file through Anthropic's Messages",
    files: NOTES,
    steps: [{
      run: exec(EDIT),
      env: ({ url }) => ({ COPILOT_PROVIDER_TYPE: 'anthropic', COPILOT_PROVIDER_BASE_URL: url }),
      prints: [/The tools answered: .*updated/],
      leaves: { 'work/notes.txt': /^The harbour opens at eight\.$/ },
    }],
  },
]

function exec(prompt: string): readonly string[] {
  return ['-p', prompt, '--silent', '--allow-all-tools', '--log-level', 'none']
}
