import type { Row } from '../row.ts'
import {
  chunk,
  DONE,
  FINISH,
  refusal,
  RESET,
  say,
  send,
  STALL,
  stream,
  streamHead,
  wait,
} from '../script.ts'

const BEGUN = [send(streamHead()), send(chunk(say('Hello'))), wait(50)]
const ALL = say('Hello') + FINISH + DONE

/** The faces beside chat: how each asks, and what it says at a stream's end. */
const FACES = [
  {
    letter: 'm',
    path: '/v1/messages',
    body: { max_tokens: 100 },
    end: /event: message_stop/,
    failure: /event: error\ndata: \{"type":"error","error":\{"type":"\w+","message":"Cannot /,
    refusal: /^\{"type":"error","error":\{"type":"\w+","message":"[^"]+"\},"request_id":"\w+"\}$/,
  },
  {
    letter: 'r',
    path: '/v1/responses',
    body: { messages: undefined, input: 'canary-of-a-prompt' },
    end: /"type":"response.completed"/,
    failure: /"type":"(error|response.failed)"/,
    refusal: /^\{"error":\{"message":"[^"]+","type":"\w+","param":(null|"\w+"),"code":"\w+"\}\}$/,
  },
  {
    letter: 't',
    path: '/v1/completions',
    body: { messages: undefined, prompt: 'canary-of-a-prompt' },
    end: /\[DONE\]/,
    failure: /data: \{"error":\{"message":"Cannot /,
    refusal: /^\{"error":\{"message":"[^"]+","type":"\w+","param":(null|"\w+"),"code":"\w+"\}\}$/,
  },
] as const

/** The faults that each face tells in words of its own. */
export const OTHER_FACES: readonly Row[] = FACES.flatMap((face): Row[] => {
  const { letter, path, end, failure } = face
  const streamed = { path, body: { ...face.body, stream: true } }
  return [
    {
      id: `S0${letter}`,
      title: `${path}: nothing goes wrong`,
      script: [stream(ALL)],
      request: streamed,
      expect: { status: 200, raw: new RegExp(`Hello[^]*${end.source}`) },
    },
    {
      id: `S1${letter}`,
      title: `${path}: cut by RST`,
      script: [[...BEGUN, RESET]],
      request: streamed,
      expect: { status: 200, raw: failure, lacks: end, deliveries: [1, 1] },
    },
    {
      id: `S2${letter}`,
      title: `${path}: silent for longer than the limit`,
      script: [[...BEGUN, STALL]],
      request: streamed,
      expect: { status: 200, raw: failure, lacks: end, upstreamLeft: 200 },
    },
    {
      id: `S6${letter}`,
      title: `${path}: an event that is no JSON`,
      script: [stream(`${say('Hello')}data: {"index":0,"mess\n\n${FINISH}${DONE}`)],
      request: streamed,
      expect: { status: 200, raw: failure, lacks: end },
    },
    {
      id: `U2${letter}`,
      title: `${path}: 500 for ever`,
      script: [refusal(500, 'InternalError', 'out of order')],
      request: streamed,
      expect: { status: [500, 502], body: face.refusal, deliveries: [2, 3] },
    },
    {
      id: `C4${letter}`,
      title: `${path}: a body larger than the limit`,
      gateway: 'tight',
      request: { path, body: 'x'.repeat(300_000) },
      expect: { status: 413, body: face.refusal },
    },
    {
      id: `C6${letter}`,
      title: `${path}: JSON that is 10,000 deep`,
      request: { path, body: '['.repeat(10_000) },
      expect: { status: 400, body: face.refusal },
    },
    {
      id: `C1${letter}`,
      title: `${path}: leaves amid a stalled stream (FIN)`,
      alone: true,
      script: [[...BEGUN, STALL]],
      request: { ...streamed, steps: ['asked', { do: 'until', text: 'Hello' }, { do: 'fin' }] },
      expect: {
        ends: 'left',
        upstreamLeft: { node: 100, bun: 100, deno: 100, workers: 500 },
        logged: /client_closed/,
      },
    },
  ]
})
