import type { Outcome } from './job.ts'
import { cellOf, type Round } from './rounds.ts'
import { type ScenarioName, SCENARIOS, type Subject } from './scenarios.ts'
import type { Runtime } from './subjects.ts'

/** A figure calculated from one round of one runtime; `NaN` if not measured. */
export interface Line {
  label: string
  digits: number
  value(round: Round): number
  target?: Target
}

/** The upper or lower bound of a figure. */
export interface Target {
  side: 'max' | 'min'
  by: Readonly<Record<Runtime, number>>
}

export interface Section {
  title: string
  lines: readonly Line[]
}

const LABELS: Readonly<Record<Subject, string>> = {
  gateway: 'gateway',
  pipe: 'raw pipe',
  javascript: 'JavaScript pipe',
  direct: 'upstream itself',
  portkey: 'Portkey',
}

/** All sections of the report, in order. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'A signature by itself (RSA-2048, Web Crypto)',
    lines: [
      line('signatures/s, 1 in progress', 0, ({ signing }) => signing.one.perSecond),
      line('signatures/s, 64 in progress', 0, ({ signing }) => signing.many.perSecond),
      line('CPU of a signature, µs', 0, signatureCpu),
    ],
  },
  section('single', [...rates('single', 'requests'), ...cpus('single')]),
  section('many', [
    ...rates('many', 'requests'),
    ...cpus('many'),
    line(
      'CPU: gateway / (signature + raw pipe)',
      2,
      overFloor('many'),
      atMost(1.35, 1.35, 1.35, 1.35),
    ),
    line(
      'requests/s: gateway / signatures alone',
      2,
      (round) => rate(round, 'many', 'gateway') / round.signing.many.perSecond,
      atLeast(0.38, 0.5, 0.55, 0.5),
    ),
    ...peerLines('many', 'requests', [4, 3.2, 1.4, 0.85]),
    peerBound('many'),
  ]),
  section('large', [
    ...rates('large', 'requests'),
    ...cpus('large'),
    line('CPU: gateway / (signature + raw pipe)', 2, overFloor('large')),
    ...peerLines('large', 'requests', [3, 5, 3, 3]),
    peerBound('large'),
  ]),
  section('streams', [
    ...rates('streams', 'streams'),
    ...cpus('streams'),
    ...peerLines('streams', 'streams', [4.2, 5, 1.3, 1.2]),
  ]),
  section('burst', [
    ...rates('burst', 'streams'),
    line(
      'streams/s: gateway / raw pipe',
      2,
      (round) => rate(round, 'burst', 'gateway') / rate(round, 'burst', 'pipe'),
      atLeast(0.9, 1, 0.45, 0.38),
    ),
    ...cpus('burst'),
    line('CPU, unsigned: gateway / JavaScript pipe', 2, unsignedRatio('burst')),
  ]),
  section('paced', [
    ...chunkCpus('paced'),
    line(
      'CPU of a chunk: gateway / raw pipe',
      2,
      (round) => chunkCpu(round, 'paced', 'gateway') / chunkCpu(round, 'paced', 'pipe'),
      atMost(1.35, 1.35, 3, 2.6),
    ),
    line(
      'CPU, unsigned: gateway / JavaScript pipe',
      2,
      unsignedRatio('paced'),
      atMost(1.25, 1.25, 1.25, 1.25),
    ),
  ]),
  section('relayed', [
    ...chunkCpus('relayed'),
    line('CPU, unsigned: gateway / JavaScript pipe', 2, unsignedRatio('relayed')),
  ]),
  section('relayed-steady', [
    ...chunkCpus('relayed-steady'),
    line(
      'CPU of a chunk: gateway / JavaScript pipe',
      2,
      (round) =>
        chunkCpu(round, 'relayed-steady', 'gateway') /
        chunkCpu(round, 'relayed-steady', 'javascript'),
      atMost(1.15, 1.15, 1.15, 1.15),
    ),
  ]),
  section('first-word', [
    line('upstream itself, median, ms', 2, (round) => firstWord(round, 'direct', 0.5)),
    line('added by raw pipe, median, ms', 2, (round) => added(round, 'pipe', 0.5)),
    line(
      'added by gateway, median, ms',
      2,
      (round) => added(round, 'gateway', 0.5),
      atMost(2, 2, 2.5, 4),
    ),
    line('added by raw pipe, 99th percentile, ms', 2, (round) => added(round, 'pipe', 0.99)),
    line(
      'added by gateway, 99th percentile, ms',
      2,
      (round) => added(round, 'gateway', 0.99),
      atMost(4, 4, 5, 8),
    ),
  ]),
]

function line(
  label: string,
  digits: number,
  value: (round: Round) => number,
  target?: Target,
): Line {
  return { label, digits, value, ...(target && { target }) }
}

function section(name: ScenarioName, lines: readonly Line[]): Section {
  return { title: SCENARIOS.find((scenario) => scenario.name === name)?.title ?? name, lines }
}

function eachSubject(
  name: ScenarioName,
  label: string,
  digits: number,
  value: (round: Round, name: ScenarioName, subject: Subject) => number,
): Line[] {
  const subjects = SCENARIOS.find((scenario) => scenario.name === name)?.subjects ?? []
  return subjects.map((subject) =>
    line(`${label}, ${LABELS[subject]}`, digits, (round) => value(round, name, subject))
  )
}

function rates(name: ScenarioName, noun: string): Line[] {
  return eachSubject(name, `${noun}/s`, 0, rate)
}

function cpus(name: ScenarioName): Line[] {
  return eachSubject(name, 'CPU of each in µs', 0, requestCpu)
}

function chunkCpus(name: ScenarioName): Line[] {
  return eachSubject(name, 'CPU of a chunk in µs', 1, chunkCpu)
}

/** The comparison with Portkey in the same round, and the memory of both. */
function peerLines(
  name: ScenarioName,
  noun: string,
  [node, bun, workers, deno]: readonly [number, number, number, number],
): Line[] {
  const ratio = (round: Round) => rate(round, name, 'gateway') / rate(round, name, 'portkey')
  return [
    line(`${noun}/s, Portkey on Node`, 0, (round) => rate(round, name, 'portkey')),
    line('CPU of each in µs, Portkey', 0, (round) => requestCpu(round, name, 'portkey')),
    line(`${noun}/s: gateway / Portkey`, 2, ratio, atLeast(node, bun, workers, deno)),
    line(
      'CPU: Portkey / gateway',
      2,
      (round) => requestCpu(round, name, 'portkey') / requestCpu(round, name, 'gateway'),
    ),
    line('memory in MB, gateway', 0, (round) => megabytes(round, name, 'gateway')),
    line('memory in MB, Portkey', 0, (round) => megabytes(round, name, 'portkey')),
  ]
}

/** The ratio of a gateway that only signs and passes bytes on: no gateway that signs reaches more. */
function peerBound(name: ScenarioName): Line {
  return line(
    'CPU: Portkey / (signature + raw pipe)',
    2,
    (round) =>
      requestCpu(round, name, 'portkey') / (signatureCpu(round) + requestCpu(round, name, 'pipe')),
  )
}

function atMost(node: number, bun: number, workers: number, deno: number): Target {
  return { side: 'max', by: { node, bun, workers, deno } }
}

function atLeast(node: number, bun: number, workers: number, deno: number): Target {
  return { side: 'min', by: { node, bun, workers, deno } }
}

function signatureCpu({ signing }: Round): number {
  return signing.many.cpu ?? NaN
}

function outcome({ cells }: Round, name: ScenarioName, subject: Subject): Outcome | undefined {
  return cells.get(cellOf(name, subject))
}

function rate(round: Round, name: ScenarioName, subject: Subject): number {
  const { requests = NaN, seconds = NaN } = outcome(round, name, subject) ?? {}
  return requests / seconds
}

function requestCpu(round: Round, name: ScenarioName, subject: Subject): number {
  const { cpu = NaN, requests = NaN } = outcome(round, name, subject) ?? {}
  return cpu / requests
}

function megabytes(round: Round, name: ScenarioName, subject: Subject): number {
  return outcome(round, name, subject)?.rss ?? NaN
}

function overFloor(name: ScenarioName): (round: Round) => number {
  return (round) =>
    requestCpu(round, name, 'gateway') / (signatureCpu(round) + requestCpu(round, name, 'pipe'))
}

function chunkCpu(round: Round, name: ScenarioName, subject: Subject): number {
  const { cpu = NaN, chunks = NaN } = outcome(round, name, subject) ?? {}
  return cpu / chunks
}

/** Subtracts the signature of each stream from its chunks, because the pipe signs nothing. */
function unsignedRatio(name: ScenarioName): (round: Round) => number {
  return (round) => {
    const { cpu = NaN, chunks = NaN, requests = NaN } = outcome(round, name, 'gateway') ?? {}
    const unsigned = (cpu - requests * signatureCpu(round)) / chunks
    return unsigned / chunkCpu(round, name, 'javascript')
  }
}

function added(round: Round, subject: Subject, part: number): number {
  return firstWord(round, subject, part) - firstWord(round, 'direct', part)
}

function firstWord(round: Round, subject: Subject, part: number): number {
  return quantile(outcome(round, 'first-word', subject)?.firstWords ?? [], part)
}

/** The quantile of the values for `part` from 0 to 1. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const [low, high] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN]
  return low + (high - low) * (place % 1)
}
