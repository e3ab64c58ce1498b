import { homedir, userInfo } from 'node:os'

/** The functions of the system, which tests replace. */
export interface HomeSources {
  homedir(): string
  userInfo(): { homedir: string | null }
}

/**
 * The home folder of the user. An empty HOME counts as none. In a container, a user may have neither
 * HOME nor an entry in the list of users: then it is the root folder, as container runtimes set it.
 */
export function homeFolder(sources: HomeSources = { homedir, userInfo }): string {
  const find = [sources.homedir, () => sources.userInfo().homedir]
  for (const candidate of find) {
    try {
      const folder = candidate()
      if (folder) return folder
    } catch {
      // The user is not in the list of users.
    }
  }
  return '/'
}
