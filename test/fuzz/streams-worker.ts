import { type Recording, splitAnywhere } from './split-streams.ts'

interface Job {
  recordings: readonly Recording[]
  runs: number
  seed: number
}

/** Splits streams in workerd: a job is posted, its result answered. */
export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method !== 'POST') return new Response('ready')
    // Only the measurement asks, and it sends this.
    const { recordings, runs, seed } = await request.json() as Job
    return Response.json(splitAnywhere(recordings, runs, seed))
  },
}
