import type { Check } from '../client.ts'
import { calling } from '../directives.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }
const WRITE = `Write it ${
  calling('run_shell_command', { command: 'sed -i s/seven/eight/ notes.txt && cat notes.txt' })
}`
const EDITED = { 'work/notes.txt': /^The harbour opens at eight\.$/ }

export const CHECKS: readonly Check[] = [
  {
    name: 'answers a question',
    steps: [{
      run: ['Hello there'],
      prints: [/speaking as xai\.grok-4\.3\. You said: Hello there/],
      sends: [/"isStream":true/],
    }],
  },
  {
    name: 'prints an answer as it arrives, with its token usage',
    steps: [{
      run: ['--output-format', 'stream-json', '--include-partial-messages', 'Hello there'],
      prints: [/"text_delta","text":" there"/, /"input_tokens":[1-9]\d*,"output_tokens":[1-9]/],
    }],
  },
  {
    name: 'changes a file with a command and continues the conversation',
    files: NOTES,
    steps: [
      {
        run: ['--yolo', WRITE],
        prints: [/The tools answered: [\s\S]*The harbour opens at eight/],
        leaves: EDITED,
      },
      {
        run: ['--continue', 'And what did I say?'],
        prints: [/You said: And what did I say/],
        sends: [/Write it[\s\S]*opens at eight[\s\S]*And what did I say/],
      },
    ],
  },
  {
    name: 'returns an answer that matches a schema',
    steps: [{
      run: [
        ...['--json-schema', '{"type":"object","properties":{"city":{"type":"string"}}}'],
        `Tell me ${calling('structured_output', { city: 'Paris' })}`,
      ],
      prints: [/\{"city":"Paris"\}/],
    }],
  },
  {
    name: 'reports an unknown model',
    steps: [{
      run: ['--model', 'xai.grok-5000', 'Hello there'],
      exit: 1,
      prints: [/API Error: 404 Cannot find the model "xai\.grok-5000"/],
    }],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: ['Hello [[sim:context-length]]'],
      exit: 1,
      prints: [/maximum context length is 1000000 tokens/],
    }],
  },
  {
    name: 'succeeds after a short rate limit',
    steps: [{
      run: ['Hello [[sim:status=429 times=2 key=rate]]'],
      prints: [/You said: Hello/],
    }],
  },
  {
    name: 'changes a file through Responses',
    files: NOTES,
    steps: [{
      run: ['--auth-type', 'openai-responses', '--yolo', WRITE],
      prints: [/The tools answered: [\s\S]*The harbour opens at eight/],
      leaves: EDITED,
    }],
  },
  {
    name: "changes a file through Anthropic's Messages",
    files: NOTES,
    steps: [{
      run: ['--auth-type', 'anthropic', '--yolo', WRITE],
      prints: [/The tools answered: [\s\S]*The harbour opens at eight/],
      leaves: EDITED,
    }],
  },
]
