import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { describe, expect, test, vi } from 'vitest'
import {
  createDetector,
  createEnergyVoicing,
  loudness,
  type Voicing,
} from '../../client/widget/voice/detector.ts'
import { loadVoicing } from '../../client/widget/voice/fvad.ts'
import { createResampler, toFloat, toPcm } from '../../client/widget/voice/resample.ts'
import { sentencesOf } from '../../client/widget/voice/sentences.ts'

const rate = 16_000
const frameLength = 320
const frameMs = 20

function sine(hertz: number, sampleRate: number, seconds = 1, amplitude = 0.5): Float32Array {
  return Float32Array.from(
    { length: sampleRate * seconds },
    (_, at) => amplitude * Math.sin((2 * Math.PI * hertz * at) / sampleRate),
  )
}

/** In pieces as an audio thread gives them. */
function resampled(samples: Float32Array, from: number): Float32Array {
  const resample = createResampler(from, rate)
  const out: number[] = []
  for (let at = 0; at < samples.length; at += 512) out.push(...resample(samples.subarray(at, at + 512)))
  return Float32Array.from(out)
}

const level = (samples: Float32Array) => loudness(toPcm(samples.subarray(400, -400)))

describe('the rate of the device', () => {
  test.each([44_100, 48_000, 96_000, 22_050])(
    '%i Hz becomes 16 kHz: as long, as loud, in one piece',
    from => {
      const output = resampled(sine(1000, from), from)
      expect(Math.abs(output.length - rate)).toBeLessThan(40)
      expect(level(output)).toBeCloseTo(0.5 / Math.SQRT2, 2)
      const steps = output.subarray(400, -400)
      // No click where two pieces meet: a sine of 1 kHz never moves further between two samples.
      for (let at = 1; at < steps.length; at++)
        expect(Math.abs(steps[at]! - steps[at - 1]!)).toBeLessThan(
          0.5 * 2 * Math.sin((Math.PI * 1000) / rate) + 0.02,
        )
    },
  )

  test('what 16 kHz cannot hold is left out, not folded into the voice', () => {
    expect(level(resampled(sine(12_000, 48_000), 48_000))).toBeLessThan(0.5 / Math.SQRT2 / 100)
  })

  test('a sample is the same there and back', () => {
    const samples = Int16Array.from([0, 1000, -1000, 32_000, -32_000])
    expect(
      [...toPcm(toFloat(samples))].map((value, at) => Math.abs(value - samples[at]!) <= 1),
    ).not.toContain(false)
  })
})

/** A voice as far as a detector minds: a pulse train through two formants, with noise as of a room. */
function voiced(ms: number): Int16Array {
  const samples = new Float32Array((ms * rate) / 1000)
  for (let at = 0; at < samples.length; at++) {
    const time = at / rate
    let sum = 0
    for (let harmonic = 1; harmonic <= 24; harmonic++) {
      const hertz = 120 * harmonic
      const gain = 1 / (1 + ((hertz - 600) / 200) ** 2) + 0.5 / (1 + ((hertz - 1700) / 300) ** 2)
      sum += gain * Math.sin(2 * Math.PI * hertz * time)
    }
    samples[at] = 0.12 * sum * (0.8 + 0.2 * Math.sin(2 * Math.PI * 4 * time))
  }
  return toPcm(samples)
}

let seed = 1
const random = () => {
  seed = (seed * 16_807) % 2_147_483_647
  return seed / 2_147_483_647 - 0.5
}
const room = (ms: number) => toPcm(Float32Array.from({ length: (ms * rate) / 1000 }, () => random() * 0.004))

/** When it found voice to begin and to end, in milliseconds. */
function found(voicing: Voicing, ...parts: Int16Array[]): [string, number][] {
  const detector = createDetector(voicing)
  const samples = Int16Array.from(parts.flatMap(part => [...part]))
  const changes: [string, number][] = []
  for (let at = 0; at + frameLength <= samples.length; at += frameLength) {
    const change = detector.push(samples.slice(at, at + frameLength))
    if (change) changes.push([change, (at / frameLength + 1) * frameMs])
  }
  return changes
}

async function fvad(): Promise<Voicing> {
  const code = await readFile(createRequire(import.meta.url).resolve('@echogarden/fvad-wasm/fvad.wasm'))
  vi.stubGlobal('fetch', async () => new Response(code))
  try {
    return await loadVoicing('widget-detector.wasm')
  } finally {
    vi.unstubAllGlobals()
  }
}

describe.each([
  ['WebAssembly', fvad],
  ['loudness', async () => createEnergyVoicing()],
])('voice, by %s', (_name, make) => {
  test('begins within 150 ms and ends 200 ms after it has, and a word of 200 ms is one', async () => {
    const changes = found(await make(), room(1000), voiced(800), room(1000), voiced(200), room(600))
    expect(changes.map(([change]) => change)).toEqual(['voice', 'quiet', 'voice', 'quiet'])
    const [begun, ended, again] = changes.map(([, ms]) => ms)
    expect(begun! - 1000).toBeLessThanOrEqual(150)
    expect(ended! - 1800).toBeGreaterThanOrEqual(150)
    expect(ended! - 1800).toBeLessThanOrEqual(400)
    expect(again! - 2800).toBeLessThanOrEqual(150)
  })

  test('a room, and a click in it, is none', async () => {
    const click = room(400)
    click.fill(20_000, 3000, 3200)
    expect(found(await make(), room(2000), click, room(2000))).toEqual([])
  })
})

test('an answer is spoken in whole sentences, and a number is not the end of one', () => {
  const text = 'It weighs 1.5 kg. 很轻。It costs'
  expect(sentencesOf(text, 0, false).map(sentence => sentence.text)).toEqual(['It weighs 1.5 kg.', '很轻。'])
  expect(sentencesOf(text, 0, true).at(-1)).toEqual({ text: 'It costs', end: text.length })
  expect(sentencesOf('One. Two.', 5, false)).toEqual([])
})
