import type { Environment } from '../platform.ts'
import type { ClientFile } from './client.ts'

/** The folders in which clients look for their files. */
export interface ClientFolders {
  home: string
  current: string
  /** May move the folders of a client, such as `CODEX_HOME`. */
  env: Environment
}

/** The paths at which a client looks for a file, in its order. Relative if a variable is. */
export function filePaths(
  { path, alternatives = [], folder, movedBy }: ClientFile,
  { home, current, env }: ClientFolders,
): readonly string[] {
  const moved = movedBy && env[movedBy.variable]
  return [path, ...alternatives].map((below) =>
    movedBy && moved
      ? `${moved}${below.slice(movedBy.replaces.length)}`
      : `${folder === 'home' ? home : current}/${below}`
  )
}
