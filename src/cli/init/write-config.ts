import { changing, refusingErrors, replaceablePath } from '../change-file.ts'
import type { HostFiles } from '../host.ts'

/** What happened to a file. */
export interface WrittenFile {
  file: string
  /** The copy of the previous bytes; `null` if there were none or nothing changed. */
  backup: string | null
  changed: boolean
}

/**
 * Replaces a text file, after a copy of its previous bytes. An unchanged file is not written, and a
 * symbolic link stays one.
 */
export async function writeWithBackup(
  files: HostFiles,
  file: string,
  text: string,
): Promise<WrittenFile> {
  const bytes = new TextEncoder().encode(text)
  const path = await replaceablePath(files, file) ?? file
  const replace = async () => {
    const previous = await files.readBytes(path)
    if (previous && isEqual(previous, bytes)) return { file, backup: null, changed: false }
    const backup = previous ? await writeBackup(files, file, previous) : null
    await files.writeBytes(path, bytes)
    return { file, backup, changed: true }
  }
  return await changing(files, [path], () => refusingErrors(path, replace))
}

/** Never replaces an earlier backup: `.bak`, `.bak2`, … */
async function writeBackup(files: HostFiles, file: string, bytes: Uint8Array): Promise<string> {
  for (let number = 1;; number++) {
    const backup = `${file}.bak${number === 1 ? '' : number}`
    if (await files.readBytes(backup) !== undefined) continue
    await files.writeBytes(backup, bytes)
    return backup
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index])
}
