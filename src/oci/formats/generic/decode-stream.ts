import type { StreamDecodeOptions, StreamDecoder } from '../format.ts'
import { createDecoder, type StreamDialect } from '../response/stream-decoder.ts'
import { createChoiceStream } from './choice-stream.ts'
import { readEvent } from './read-event.ts'
import type { WireChoice } from './wire.ts'

const DIALECT: StreamDialect<WireChoice> = {
  readEvent,
  indexOf: ({ index }, position) => typeof index === 'number' ? index : position,
  createChoiceStream,
}

/** Begins to read a stream in the GENERIC format. */
export function createStreamDecoder(options: StreamDecodeOptions): StreamDecoder {
  return createDecoder(DIALECT, options)
}
