import { shorten } from '../../chat/warnings.ts'

/** Shortens a client's name for a warning, which is in a header. */
export function ascii(name: string): string {
  return shorten(name).replace(/[^\x21-\x7e]/g, '?')
}
