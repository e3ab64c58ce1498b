import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { homeFolder } from '../../src/entry/home-folder.ts'

const HOME = '/home/me'

function unknownUser(): never {
  throw new Error('uv_os_homedir returned ENOENT')
}

describe('homeFolder()', () => {
  const cases: [name: string, homedir: () => string, listed: () => string | null, home: string][] =
    [
      ['is that of the environment', () => HOME, unknownUser, HOME],
      ['is that of the list of users if HOME is empty', () => '', () => HOME, HOME],
      ['is the root folder for an unknown user with an empty HOME', () => '', unknownUser, '/'],
      ['is the root folder for an unknown user without HOME', unknownUser, unknownUser, '/'],
      ['is the root folder for a user without one', unknownUser, () => null, '/'],
    ]
  for (const [name, homedir, listed, home] of cases) {
    it(name, () => {
      assert.equal(homeFolder({ homedir, userInfo: () => ({ homedir: listed() }) }), home)
    })
  }
})
