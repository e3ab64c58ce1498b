import type { Check } from '../client.ts'
import { calling } from '../directives.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }
const READ = `Look it up ${calling('Bash', { command: 'cat notes.txt' })}`

export const CHECKS: readonly Check[] = [
  {
    name: 'answers a question',
    steps: [{
      run: ['-p', 'Hello there'],
      prints: [/speaking as xai\.grok-4\.3\. You said: Hello there/],
      sends: [/"isStream":true/, /Be brief/],
    }],
  },
  {
    name: 'returns its answer as JSON',
    steps: [{
      run: ['-p', '--format', 'json', 'Hello there'],
      prints: [/"response":"[^"]*You said: Hello there","status":"success"/],
    }],
  },
  {
    name: 'runs a command and returns its output',
    files: NOTES,
    steps: [{
      run: ['-p', '--allow', 'Bash', READ],
      prints: [/The tools answered: The harbour opens at seven/],
    }],
  },
  {
    name: 'keeps a conversation over several turns',
    steps: [
      { run: ['-p', 'My boat is called Plover'], prints: [/You said: My boat/] },
      {
        run: ['-p', '--resume', 'And what did I say?'],
        prints: [/You said: And what did I say/],
        sends: [/My boat is called Plover[\s\S]*And what did I say/],
      },
    ],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: ['-p', 'Hello [[sim:context-length]]'],
      exit: 1,
      prints: [/maximum context length is 1000000 tokens/],
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
    name: 'reports a broken stream',
    steps: [{
      run: ['-p', 'Hello [[sim:cut-after=4]]'],
      exit: 1,
      prints: [/stream was interrupted: connection lost/],
    }],
  },
]
