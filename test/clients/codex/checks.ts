import type { Check } from '../client.ts'
import { calling } from '../directives.ts'
import { PICTURE } from '../picture.ts'

const NOTES = { 'work/notes.txt': 'The harbour opens at seven.' }
const READ = `Look it up ${calling('exec_command', { cmd: 'cat notes.txt' })}`

/** With `gpt-5.6-sol` Codex offers one tool, which runs JavaScript that calls the others. */
const SCRIPT = `Change it ${
  calling('functions__exec', {
    input: `const { output } = await tools.exec_command({
  cmd: 'sed -i s/seven/eight/ notes.txt && cat notes.txt',
})
text(output)`,
  })
}`
const EDITED = { 'work/notes.txt': /^The harbour opens at eight\.$/ }

const PLACE = JSON.stringify({
  type: 'object',
  properties: { city: { type: 'string' }, inhabitants: { type: 'integer' } },
  required: ['city', 'inhabitants'],
  additionalProperties: false,
})

export const CHECKS: readonly Check[] = [
  {
    name: 'answers a question',
    steps: [{
      run: exec('Hello there'),
      prints: [/speaking as xai\.grok-4\.3\. You said: Hello there/],
    }],
  },
  {
    name: 'runs a command and returns its output',
    files: NOTES,
    steps: [{ run: exec(READ), prints: [/The tools answered: [\s\S]*The harbour opens at seven/] }],
  },
  {
    name: 'keeps a conversation over several turns',
    steps: [
      { run: exec('My boat is called Plover'), prints: [/You said: My boat/] },
      {
        run: [...exec('resume'), '--last', 'And what did I say?'],
        prints: [/You said: And what did I say/],
        sends: [/My boat is called Plover[\s\S]*And what did I say/],
      },
    ],
  },
  {
    name: 'continues after a command',
    files: NOTES,
    steps: [
      { run: exec(READ), prints: [/The tools answered/] },
      {
        run: [...exec('resume'), '--last', 'And now?'],
        prints: [/You said: And now/],
        sends: [/"toolCalls":\[[\s\S]*The harbour opens at seven[\s\S]*And now/],
      },
    ],
  },
  {
    name: 'returns an answer that matches a schema',
    files: { 'work/place.json': PLACE },
    steps: [{
      run: [...exec('--output-schema'), 'place.json', 'Tell me about Paris'],
      prints: [/\{"city":".+","inhabitants":\d+\}/],
      sends: [/"responseFormat":\{"type":"JSON_SCHEMA"/],
    }],
  },
  {
    name: 'sends an image',
    files: { 'work/dot.png': PICTURE },
    steps: [{
      run: [...exec('What is this?'), '--image', 'dot.png'],
      prints: [/image 1 of \d+ \(70 bytes\)/],
      sends: [/"type":"IMAGE"/],
    }],
  },
  {
    name: 'uses an alias with a name that Codex knows',
    files: NOTES,
    steps: [{
      run: [...exec(READ), '--model', 'gpt-5-codex'],
      prints: [/speaking as openai\.gpt-oss-120b\. The tools answered: [\s\S]*opens at seven/],
    }],
  },
  {
    name: 'changes a file and continues with a model whose tools Codex sends in the input',
    files: NOTES,
    steps: [
      {
        run: [...exec(SCRIPT), '--model', 'gpt-5.6-sol'],
        prints: [/speaking as openai\.gpt-oss-120b\. The tools answered: [\s\S]*opens at eight/],
        leaves: EDITED,
      },
      {
        run: [...exec('resume'), '--last', 'And now?', '--model', 'gpt-5.6-sol'],
        prints: [/You said: And now/],
        sends: [/"toolCalls":\[[\s\S]*The harbour opens at eight[\s\S]*And now/],
      },
    ],
  },
  {
    name: 'compacts a conversation and continues',
    steps: ['xai.grok-4.3', 'gpt-5.6-sol'].flatMap((model) => [
      {
        run: [...exec('My boat is called Plover'), '--model', model],
        prints: [/You said: My boat/],
      },
      {
        run: [
          ...exec('resume'),
          ...['--last', 'And now?', '--model', model, '-c', 'model_auto_compact_token_limit=1000'],
        ],
        prints: [/context compacted/, /You said: And now/],
      },
      {
        run: [...exec('resume'), '--last', 'And then?', '--model', model],
        prints: [/You said: And then/],
      },
    ]),
  },
  {
    name: 'continues with a text-only model after an image',
    files: { 'work/dot.png': PICTURE },
    steps: [
      {
        run: [...exec('What is this?'), '--image', 'dot.png', '--model', 'openai.gpt-oss-120b'],
        exit: 1,
        prints: [/ERROR.*does not support this image: send only text/],
      },
      {
        run: [...exec('resume'), '--last', 'And now?', '--model', 'openai.gpt-oss-120b'],
        prints: [/You said: And now/],
        sends: [/image omitted: openai\.gpt-oss-120b reads text only/],
      },
    ],
  },
  {
    name: 'shows an image to a text-only model by a tool and continues',
    files: { 'work/dot.png': PICTURE },
    steps: [
      {
        run: [
          ...exec(`Look at it ${calling('view_image', { path: 'dot.png' })}`),
          ...['--model', 'openai.gpt-oss-120b'],
        ],
        prints: [/The tools answered: \[image omitted: openai\.gpt-oss-120b reads text only\]/],
      },
      {
        run: [...exec('resume'), '--last', 'And now?', '--model', 'openai.gpt-oss-120b'],
        prints: [/You said: And now/],
      },
    ],
  },
  {
    name: 'reports an unknown model',
    steps: [{
      run: [...exec('Hello'), '--model', 'xai.grok-5000'],
      exit: 1,
      prints: [/ERROR.*xai\.grok-5000/],
    }],
  },
  {
    name: 'reports that a conversation is too long',
    steps: [{
      run: exec('Hello [[sim:context-length]]'),
      exit: 1,
      prints: [/ERROR.*context/i],
    }],
  },
  {
    name: 'retries after a broken stream',
    steps: [{
      run: exec('Hello [[sim:cut-after=4 times=1 key=cut]]'),
      prints: [/You said: Hello/],
    }],
  },
]

function exec(...rest: readonly string[]): readonly string[] {
  return ['exec', '--skip-git-repo-check', '--sandbox', 'danger-full-access', ...rest]
}
