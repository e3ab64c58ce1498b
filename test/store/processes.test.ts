import { describe, it } from 'node:test'
import { checkSharedFile } from './shared-file.ts'

describe('SQLite store of several processes', () => {
  it('keeps the limits when processes share the file and one is killed', async () => {
    await checkSharedFile(['one', 'two', 'three'])
  })
})
