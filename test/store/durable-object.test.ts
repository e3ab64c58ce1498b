import { testStore } from './contract.ts'
import { startDurableObjects } from './workerd.ts'

testStore('Durable Object', {
  async start() {
    const objects = await startDurableObjects()
    let count = 0
    return {
      open: () => Promise.resolve(objects.open(`store-${count++}`)),
      stop: () => objects.stop(),
    }
  },
  histories: 12,
  everyQuery: 7,
})
