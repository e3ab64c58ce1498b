import { IDENTITY } from './gateways.ts'

/** A secret that may appear only where it belongs. */
export interface Canary {
  name: string
  value: string
  /** The only place where it may appear: a model's text belongs in the answer. */
  belongs?: Place
}

/** The answer that a client receives, head included, or the output of the process. */
export type Place = 'answer' | 'log'

/** Part of every request of the fault rows, beside the key. */
export const PROMPT = 'canary-of-a-prompt'
export const COOKIE = 'canary-of-a-cookie'
export const HEADER = 'canary-of-a-header'
export const CLIENT_KEY = 'test-key-1'

/** The canaries of the fault rows. */
const CANARIES: readonly Canary[] = [
  ...linesOf(IDENTITY.privateKey).map((value) => ({ name: 'the key', value })),
  { name: 'the fingerprint', value: IDENTITY.fingerprint },
  { name: 'the tenancy', value: IDENTITY.tenancy },
  { name: 'the user', value: IDENTITY.user },
  { name: 'the compartment', value: IDENTITY.compartment },
  { name: 'the key of a client', value: CLIENT_KEY },
  { name: 'the key of another client', value: 'another-key' },
  { name: 'a prompt', value: PROMPT },
  { name: 'a cookie', value: COOKIE },
  { name: 'another header', value: HEADER },
  { name: 'a signature', value: 'Signature version' },
  { name: 'the id of a key', value: 'keyId=' },
]

/** The names of the secrets of the fault rows that a text contains. */
export function leaks(text: string, place: Place): readonly string[] {
  return leaksOf(CANARIES, text, place)
}

/** The names of the canaries that a text contains where they do not belong, in any encoding. */
export function leaksOf(
  canaries: readonly Canary[],
  text: string,
  place: Place,
): readonly string[] {
  const found = canaries.filter(({ value, belongs }) =>
    belongs !== place && spellingsOf(value).some((spelling) => text.includes(spelling))
  )
  return [...new Set(found.map(({ name }) => name))]
}

/** The full lines of a key's body: even one of them must not leak. */
export function linesOf(pem: string): readonly string[] {
  return pem.split('\n').filter((line) => /^[A-Za-z0-9+/]{60,}$/.test(line))
}

function spellingsOf(value: string): readonly string[] {
  return [value, encodeURIComponent(value), btoa(value).replace(/=+$/, '')]
}
