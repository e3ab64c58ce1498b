import { type DirectiveName, DIRECTIVES, type Directives } from './directives.ts'
import { badRequest, type ServiceError } from './service-error.ts'

/** The directives of a text and the first unknown one. */
export interface DirectiveReading {
  directives: Directives
  unknown: string | undefined
}

interface Entry {
  written: string
  name: string
  value: string
}

const NAMES = new Map<string, DirectiveName>(
  Object.keys(DIRECTIVES).filter(isDirective).map((name) => [name, name]),
)
/** Longer names first, so that `finish-text` is not `finish` with the value `text`. */
const NAME_PATTERN = new RegExp(`^(${[...NAMES.keys()].sort().reverse().join('|')})(?:-(.+))?$`)

/** Reads all `[[sim:name=value other]]` of a text and returns the text without them. */
export function readDirectives(text: string): DirectiveReading & { text: string } {
  const entries = [...text.matchAll(/\[\[sim:([^\]]*)\]\]/g)]
    .flatMap(([, inside = '']) => inside.split(/[\s;]+/).filter(Boolean))
    .map((written) => {
      const [name = '', ...value] = written.split('=')
      return { written, name, value: value.join('=') }
    })
  return { ...collect(entries), text: text.replaceAll(/\s?\[\[sim:[^\]]*\]\]/g, '').trim() }
}

/** Reads the end of a model's name, after `.sim-`: `status-429.times-2`. */
export function readNameDirectives(ending: string): DirectiveReading {
  return collect(
    ending.split('.').map((written) => {
      const [, name = '', value = ''] = NAME_PATTERN.exec(written) ?? []
      return { written, name, value }
    }),
  )
}

/** Merges the directives of a model's name and of a message; those of the message win. */
export function mergeDirectives(named: Directives, written: Directives): Directives {
  return new Map([...named, ...written])
}

/** The error for an unknown directive. */
export function unknownDirectiveError(name: string): ServiceError {
  return badRequest(`Unknown simulator directive: '${name}'`)
}

function collect(entries: readonly Entry[]): DirectiveReading {
  const unknown = entries.find((entry) => !isValid(entry))?.written
  const groups = Map.groupBy(entries, ({ name }) => NAMES.get(name) ?? 'key')
  const directives = [...groups].map(([name, group]) =>
    [name, group.map(({ value }) => value)] as const
  )
  return { unknown, directives: new Map(unknown === undefined ? directives : []) }
}

function isValid({ name, value }: Entry): boolean {
  const known = NAMES.get(name)
  if (known === undefined) return false
  switch (DIRECTIVES[known].takes) {
    case 'nothing':
      return value === ''
    case 'number':
      return /^\d{1,9}$/.test(value)
    case 'text':
      return true
  }
}

function isDirective(name: string): name is DirectiveName {
  return Object.hasOwn(DIRECTIVES, name)
}
