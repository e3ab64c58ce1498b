import { isAbsolute, join, normalize } from 'node:path'
import type { ClientFile } from '../../clients/client.ts'
import { type ClientFolders, filePaths } from '../../clients/file-paths.ts'
import type { Host } from '../host.ts'

/** Where the files of clients are. */
export interface Place {
  host: Pick<Host, 'files' | 'env' | 'cwd'>
  /** The value of `--home`. */
  home: string | undefined
}

/**
 * The path of a client's file. A symbolic link is followed, so that it stays a link. Throws an error
 * that names the file if it cannot be replaced.
 */
export async function locateFile(file: ClientFile, place: Place): Promise<string> {
  const { files } = place.host
  const candidates = filePaths(file, foldersOf(place))
    .map((path) => absolute(path, place.host.cwd))
  const states = await Promise.all(candidates.map((path) => files.inspect(path)))
  const found = Math.max(0, states.findIndex(({ type }) => type !== 'missing'))
  const [path = '', state] = [candidates[found], states[found]]
  if (state === undefined || state.type === 'missing') return path
  if (state.type === 'dangling link') throw refusal(path, 'is a symbolic link to a missing file')
  if (state.type === 'other') throw refusal(path, 'is not a file')
  if (state.isOfOtherUser) {
    throw refusal(path, 'belongs to another user. Run the command as that user')
  }
  if (state.isReadOnly) throw refusal(path, 'is read-only. Allow its owner to write it')
  return state.path
}

/** The error for a file that stays as it is. */
export function refusal(path: string, reason: string, cause?: unknown): Error {
  return new Error(`Cannot change ${path}: ${reason}`, { cause })
}

/** With `--home` all files are below that folder, and no variable moves them. */
function foldersOf({ host: { env, cwd, files }, home }: Place): ClientFolders {
  return home === undefined
    ? { home: files.home, current: cwd, env }
    : { home, current: home, env: {} }
}

function absolute(path: string, cwd: string): string {
  return isAbsolute(path) ? normalize(path) : join(cwd, path)
}
