import { type Recording, splitAnywhere } from './split-streams.ts'

interface Job {
  recordings: readonly Recording[]
  runs: number
  seed: number
}

/** Splits streams in workerd: reads a job from a POST and answers with its result. */
export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method !== 'POST') return new Response('ready')
    // Only the measurement sends requests.
    const { recordings, runs, seed } = await request.json() as Job
    return Response.json(splitAnywhere(recordings, runs, seed))
  },
}
