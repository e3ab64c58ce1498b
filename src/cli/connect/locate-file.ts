import { isAbsolute, join, normalize } from 'node:path'
import type { ClientFile } from '../../clients/client.ts'
import { type ClientFolders, filePaths } from '../../clients/file-paths.ts'
import { replaceablePath } from '../change-file.ts'
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
  for (const path of candidates) {
    const found = await replaceablePath(files, path)
    if (found !== undefined) return found
  }
  return candidates[0] ?? ''
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
