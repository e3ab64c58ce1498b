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
  untilReceived,
} from '../script.ts'

const BEGUN = [send(streamHead()), send(chunk(say('Hello'))), untilReceived('Hello')]
const ALL = say('Hello') + FINISH + DONE

/** The client APIs beside chat completions: their requests, and how their streams end. */
const CLIENT_APIS = [
  {
    letter: 'm',
    path: '/v1/messages',
    body: { max_tokens: 100 },
    end: /event: message_stop/,
    failure: /event: error\ndata: \{"type":"error","error":\{"type":"\w+","message":"[A-Z]/,
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
    failure: /data: \{"error":\{"message":"[A-Z]/,
    refusal: /^\{"error":\{"message":"[^"]+","type":"\w+","param":(null|"\w+"),"code":"\w+"\}\}$/,
  },
] as const

/** The faults that each client API reports in its own form. */
export const OTHER_APIS: readonly Row[] = CLIENT_APIS.flatMap((api): Row[] => {
  const { letter, path, end, failure } = api
  const streamed = { path, body: { ...api.body, stream: true } }
  return [
    {
      id: `F-S0${letter}`,
      title: `${path}: no fault`,
      script: [stream(ALL)],
      request: streamed,
      expect: { status: 200, raw: new RegExp(`Hello[^]*${end.source}`) },
    },
    {
      id: `F-S1${letter}`,
      title: `${path}: cut by RST`,
      script: [[...BEGUN, RESET]],
      request: streamed,
      expect: { status: 200, raw: failure, lacks: end, deliveries: [1, 1] },
    },
    {
      id: `F-S2${letter}`,
      title: `${path}: silent for longer than the idle timeout`,
      gateway: 'shortTimeouts',
      script: [[...BEGUN, STALL]],
      request: streamed,
      expect: { status: 200, raw: failure, lacks: end, upstreamLeft: 10_000 },
    },
    {
      id: `F-S6${letter}`,
      title: `${path}: an event that is not JSON`,
      script: [stream(`${say('Hello')}data: {"index":0,"mess\n\n${FINISH}${DONE}`)],
      request: streamed,
      expect: { status: 200, raw: failure, lacks: end },
    },
    {
      id: `F-U2${letter}`,
      title: `${path}: 500, every time`,
      script: [refusal(500, 'InternalError', 'out of order')],
      request: streamed,
      expect: { status: [500, 502], body: api.refusal, deliveries: [2, 3] },
    },
    {
      id: `F-C4${letter}`,
      title: `${path}: a body larger than the limit`,
      gateway: 'lowLimits',
      request: { path, body: 'x'.repeat(300_000) },
      expect: { status: 413, body: api.refusal },
    },
    {
      id: `F-C6${letter}`,
      title: `${path}: JSON that is nested 10,000 levels deep`,
      request: { path, body: '['.repeat(10_000) },
      expect: { status: 400, body: api.refusal },
    },
    {
      id: `F-C1${letter}`,
      title: `${path}: the client leaves a stalled stream (FIN)`,
      gateway: 'disconnects',
      script: [[...BEGUN, STALL]],
      request: {
        ...streamed,
        steps: ['asked', { do: 'read-until', text: 'Hello' }, { do: 'fin' }],
      },
      expect: {
        ends: 'left',
        upstreamLeft: 10_000,
        logged: /client_closed/,
      },
    },
  ]
})
