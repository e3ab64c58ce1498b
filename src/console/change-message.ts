import type { Answer } from './gateway-client.ts'

/** Why a change through the administration API was not made. */
export function messageOf(answer: Exclude<Answer<unknown>, { type: 'ready' }>): string {
  switch (answer.type) {
    case 'locked':
      return 'The gateway does not accept the administration key'
    case 'missing':
      return 'It does not exist any more'
    case 'failed':
      return answer.message
  }
}
