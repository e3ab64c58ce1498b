import { ApiError } from '../../errors.ts'
import type { Files } from '../../platform.ts'

/** A path with the home folder for a leading `~`; relative ones stay, as in Oracle's SDKs. */
export function expandHome(path: string, home: string): string {
  return path.replace(/^~(?=$|[/\\])/, () => home)
}

/** The text of a file, `undefined` when there is none; one that cannot be read is an error. */
export async function readFile(files: Files, path: string): Promise<string | undefined> {
  try {
    return await files.read(path)
  } catch (error) {
    const state = 'it is there, but this process may not read it, or it is no file'
    throw new ApiError('configuration_error', `Cannot read "${path}": ${state}`, {
      reason: 'unreadable_file',
      cause: error,
    })
  }
}
