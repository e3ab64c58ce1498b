import type { Check } from '../client.ts'
import { calling } from '../directives.ts'
import { PICTURE } from '../picture.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }
const READ = `Look it up ${calling('read', { filePath: 'notes.txt' })}`

export const CHECKS: readonly Check[] = [
  {
    name: 'answers a question and creates a title with the small model',
    steps: [{
      run: ['run', 'Hello there'],
      prints: [/speaking as xai\.grok-4\.3\. You said: "?Hello there/],
      sends: [/meta\.llama-3\.3-70b-instruct/],
    }],
  },
  {
    name: 'reads a file',
    files: NOTES,
    steps: [{
      run: ['run', READ],
      prints: [/The tools answered: [\s\S]*The harbour opens at seven/],
    }],
  },
  {
    name: 'runs a command',
    files: NOTES,
    steps: [{
      run: ['run', `Look ${calling('bash', { command: 'cat notes.txt', description: 'Reads' })}`],
      prints: [/The tools answered: [\s\S]*The harbour opens at seven/],
    }],
  },
  {
    name: 'keeps a conversation over several turns',
    files: NOTES,
    steps: [
      { run: ['run', READ], prints: [/The tools answered/] },
      {
        run: ['run', '--continue', 'And what did I say?'],
        prints: [/You said: "?And what did I say/],
        sends: [/Look it up[\s\S]*opens at seven[\s\S]*And what did I say/],
      },
    ],
  },
  {
    name: 'sends an image',
    files: { 'work/dot.png': PICTURE },
    steps: [{
      run: ['run', 'What is this?', '--file', 'dot.png'],
      prints: [/You sent image 1 of 1/],
      sends: [/"type":"IMAGE"/],
    }],
  },
  {
    name: 'retries after a rate limit',
    steps: [{
      run: ['run', 'Hello [[sim:status=429 times=4 key=rate]]'],
      prints: [/You said: "?Hello/],
    }],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: ['run', 'Hello [[sim:context-length]]'],
      exit: 1,
      prints: [/maximum context length is 1000000 tokens/],
    }],
  },
]
