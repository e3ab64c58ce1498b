import process from 'node:process'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))
/** A proxy that does not exist, so that requests to other machines fails at once. */
const CLOSED_PROXY = 'http://127.0.0.1:9'

/** The environment of programs that run in a separate home, without other servers. */
export function environmentOf(home: string): Record<string, string> {
  return {
    PATH: `${BIN}:${process.env['PATH'] ?? ''}`,
    HOME: home,
    TERM: 'dumb',
    CI: '1',
    NO_COLOR: '1',
    DO_NOT_TRACK: '1',
    HTTP_PROXY: CLOSED_PROXY,
    HTTPS_PROXY: CLOSED_PROXY,
    NO_PROXY: '127.0.0.1,localhost',
  }
}
