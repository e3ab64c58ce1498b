import type { Check } from '../client.ts'
import { calling } from '../directives.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }
const ALLOWED = ['--allowedTools', 'Read,Bash']

export const CHECKS: readonly Check[] = [
  {
    name: 'answers a question',
    steps: [{
      run: ['-p', 'Hello there'],
      prints: [/speaking as xai\.grok-4\.3\. You said: Hello there/],
    }],
  },
  {
    name: 'reports the token usage of an answer',
    steps: [{
      run: ['-p', 'Hello there', '--output-format', 'json'],
      prints: [/"is_error":false/, /"input_tokens":[1-9]/, /"output_tokens":[1-9]/],
    }],
  },
  {
    name: 'streams an answer',
    steps: [{
      run: [
        ...['-p', 'Hello there', '--output-format', 'stream-json', '--verbose'],
        '--include-partial-messages',
      ],
      prints: [/"text_delta"/, /"message_stop"/, /You said: Hello there/],
    }],
  },
  {
    name: 'reads a file',
    files: NOTES,
    steps: [{
      run: ['-p', `Look it up ${calling('Read', { file_path: 'notes.txt' })}`, ...ALLOWED],
      prints: [/The tools answered: .*The harbour opens at seven/],
    }],
  },
  {
    name: 'runs a command',
    files: NOTES,
    steps: [{
      run: ['-p', `Look it up ${calling('Bash', { command: 'cat notes.txt' })}`, ...ALLOWED],
      prints: [/The tools answered: .*The harbour opens at seven/],
    }],
  },
  {
    name: 'keeps a conversation over several turns',
    files: NOTES,
    steps: [
      {
        run: ['-p', `Look it up ${calling('Bash', { command: 'cat notes.txt' })}`, ...ALLOWED],
        prints: [/The tools answered/],
      },
      {
        run: ['-p', 'And what did I say?', '--continue'],
        prints: [/You said: And what did I say/],
        sends: [/Look it up[\s\S]*opens at seven[\s\S]*And what did I say/],
      },
    ],
  },
  {
    name: 'uses an OCI model by its id',
    steps: [{
      run: ['-p', 'Hello there', '--model', 'openai.gpt-oss-120b'],
      prints: [/speaking as openai\.gpt-oss-120b\. You said: Hello there/],
    }],
  },
  {
    name: 'reports an unknown model',
    steps: [{
      run: ['-p', 'Hello', '--model', 'xai.grok-5000'],
      exit: 1,
      prints: [/issue with the selected model \(xai\.grok-5000\)/],
    }],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: ['-p', 'Hello [[sim:context-length]]'],
      exit: 1,
      prints: [/Prompt is too long/],
    }],
  },
  {
    name: 'succeeds after a short rate limit',
    steps: [{
      run: ['-p', 'Hello [[sim:status=429 times=2 key=rate]]'],
      prints: [/You said: Hello/],
    }],
  },
  {
    name: 'reports a rate limit',
    steps: [{
      run: ['-p', 'Hello [[sim:status=429]]', '--model', 'xai.grok-4.20-non-reasoning'],
      exit: 1,
      prints: [/Rate limit exceeded/],
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
