import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { watchConfig } from '../../src/entry/watch-config.ts'

/** A folder that the watcher watches. */
interface Folder {
  path: string
  onChange(): void
  isClosed: boolean
}

/** The files of a configuration, its folders and a clock, in memory. */
function createSetup(paths: readonly string[] = ['/etc/gateway/config.jsonc']) {
  const folders: Folder[] = []
  const timers: { at: number; run(): void }[] = []
  const state = {
    now: 0,
    paths,
    text: 'first' as string | undefined,
    lastRead: 'first' as string | undefined,
    reloads: [] as string[],
    isWatchable: true,
  }
  const end = watchConfig({
    files: () => state.paths,
    readFiles: () => Promise.resolve(state.text),
    lastRead: () => state.lastRead,
    reload() {
      state.lastRead = state.text
      state.reloads.push(state.text ?? '')
      return Promise.resolve({ type: 'reloaded', changed: [], needsRestart: [] })
    },
  }, {
    watchFolder(path, onChange) {
      if (!state.isWatchable) throw new Error('ENOSPC')
      const folder = { path, onChange, isClosed: false }
      folders.push(folder)
      return () => folder.isClosed = true
    },
    after(milliseconds, run) {
      const timer = { at: state.now + milliseconds, run }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), 1)
    },
  })
  return {
    state,
    folders,
    end,
    open: () => folders.filter(({ isClosed }) => !isClosed).map(({ path }) => path),
    /** Reports a change in the first folder that is watched. */
    change: () => folders.find(({ isClosed }) => !isClosed)?.onChange(),
    timers,
    async advance(milliseconds: number) {
      const until = state.now + milliseconds
      for (;;) {
        const next = timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers.splice(timers.indexOf(next), 1)
        state.now = next.at
        next.run()
        await settle()
      }
      state.now = until
    },
  }
}

/** Lets all pending promises continue. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

describe('watchConfig()', () => {
  it('reloads once after several events, when the file has stopped changing', async () => {
    const { state, change, advance } = createSetup()
    state.text = 'sec'
    change()
    change()
    await advance(150)
    assert.deepEqual(state.reloads, [])
    state.text = 'second'
    await advance(150)
    assert.deepEqual(state.reloads, [])
    await advance(150)
    assert.deepEqual(state.reloads, ['second'])
    await advance(60_000)
    assert.deepEqual(state.reloads, ['second'])
  })

  const unchanged: [name: string, text: string | undefined][] = [
    ['the same text', 'first'],
    ['a file that is missing, as in the middle of its replacement', undefined],
  ]
  for (const [name, text] of unchanged) {
    it(`does not reload ${name}`, async () => {
      const { state, change, advance } = createSetup()
      state.text = text
      change()
      await advance(60_000)
      assert.deepEqual(state.reloads, [])
    })
  }

  it('does not wait for the end of the changes to other files', async () => {
    const { state, change, advance } = createSetup()
    state.text = 'second'
    for (let times = 0; times < 10; times++) {
      change()
      await advance(50)
    }
    assert.deepEqual(state.reloads, ['second'])
  })

  it('notices a change during a check', async () => {
    const { state, change, advance } = createSetup()
    state.text = 'second'
    change()
    await advance(300)
    state.text = 'third'
    change()
    await advance(300)
    assert.deepEqual(state.reloads, ['second', 'third'])
  })

  it('reads the files every ten seconds without an event, and watches the folder anew', async () => {
    const { state, folders, open, advance } = createSetup()
    state.text = 'second'
    await advance(9_999)
    assert.deepEqual(state.reloads, [])
    await advance(1_000)
    assert.deepEqual(state.reloads, ['second'])
    assert.deepEqual([folders.length, open()], [2, ['/etc/gateway']])
  })

  it('tries again to watch a folder that cannot be watched', async () => {
    const { state, open, folders, advance } = createSetup(['/a/config', '/a/key'])
    assert.deepEqual(open(), ['/a'])
    state.isWatchable = false
    state.paths = ['/b/config']
    state.text = 'second'
    await advance(20_000)
    assert.deepEqual([state.reloads, open()], [['second'], []])
    state.isWatchable = true
    await advance(10_000)
    assert.deepEqual([folders.length, open()], [2, ['/b']])
  })

  it('watches the folders of new references, and those of old ones no longer', async () => {
    const { state, open, change, advance } = createSetup(['/a/config', '/keys/one'])
    assert.deepEqual(open(), ['/a', '/keys'])
    state.paths = ['/a/config', '/other/two']
    state.text = 'second'
    change()
    await advance(300)
    assert.deepEqual(open(), ['/a', '/other'])
  })

  it('closes everything at its end', async () => {
    const { state, open, end, change, timers, advance } = createSetup()
    const event = change
    end()
    state.text = 'second'
    event()
    await advance(60_000)
    assert.deepEqual([open(), timers.length, state.reloads], [[], 0, []])
  })
})
