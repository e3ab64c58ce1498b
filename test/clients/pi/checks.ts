import type { Check } from '../client.ts'
import { calling } from '../directives.ts'
import { PICTURE } from '../picture.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }
const EDIT = `Change it ${
  calling('edit', { path: 'notes.txt', edits: [{ oldText: 'seven', newText: 'eight' }] })
}`
const READ = `Look it up ${calling('bash', { command: 'cat notes.txt' })}`
const EDITED = { 'work/notes.txt': /^The harbour opens at eight\.$/ }
const REASONING = ['--model', 'openai.gpt-oss-120b', '--thinking', 'high']

/** The same checks for each of the three client APIs. */
const OF_EACH_API: readonly Check[] = [
  ['chat completions', 'oci'],
  ['Responses', 'oci-responses'],
  ["Anthropic's Messages", 'oci-messages'],
].flatMap(([api = '', provider = '']) => [
  {
    name: `edits a file through ${api}`,
    files: NOTES,
    steps: [{
      run: ['--provider', provider, '--model', 'xai.grok-4.3', '-p', EDIT],
      prints: [/The tools answered: .*notes\.txt/],
      sends: [/"isStream":true/],
      leaves: EDITED,
    }],
  },
  {
    name: `reasons, runs a command and continues through ${api}`,
    files: NOTES,
    steps: [
      {
        run: ['--provider', provider, ...REASONING, '-p', READ],
        prints: [/The tools answered: The harbour opens at seven/],
        sends: [/"reasoningEffort":"(MEDIUM|HIGH)"/],
      },
      {
        run: ['--provider', provider, ...REASONING, '-p', '--continue', 'And what did I say?'],
        prints: [/You said: And what did I say/],
        sends: [/Look it up[\s\S]*opens at seven[\s\S]*And what did I say/],
      },
    ],
  },
])

export const CHECKS: readonly Check[] = [
  {
    name: 'answers a question',
    steps: [{
      run: ['-p', 'Hello there'],
      prints: [/speaking as xai\.grok-4\.3\. You said: Hello there/],
    }],
  },
  {
    name: 'prints an answer as it arrives, with its token usage',
    steps: [{
      run: ['--mode', 'json', '-p', 'Hello there'],
      prints: [/"text_delta".*"delta":" there"/, /"usage":\{"input":\d+,"output":[1-9]/],
    }],
  },
  ...OF_EACH_API,
  {
    name: 'sends an image',
    files: { 'work/dot.png': PICTURE },
    steps: [{
      run: ['-p', '@dot.png', 'What is this?'],
      prints: [/image 1 of 1/],
      sends: [/"type":"IMAGE"/],
    }],
  },
  {
    name: 'reports an unknown model',
    steps: [{
      run: ['--provider', 'oci', '--model', 'xai.grok-5000', '-p', 'Hello there'],
      exit: 1,
      prints: [/404: .*Cannot find the model .*xai\.grok-5000/],
    }],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: ['--mode', 'json', '-p', 'Hello [[sim:context-length]]'],
      prints: [/maximum context length is 1000000 tokens/],
    }],
  },
  {
    name: 'retries after a rate limit',
    steps: [{
      run: ['-p', 'Hello [[sim:status=429 times=4 key=rate]]'],
      prints: [/You said: Hello/],
    }],
  },
  {
    name: 'retries after a broken stream',
    steps: [{
      run: ['-p', 'Hello [[sim:cut-after=4 times=1 key=cut]]'],
      prints: [/You said: Hello/],
    }],
  },
]
