import { voiceSampleRate } from '../../sdk/voice/index.ts'
import { createEnergyVoicing, type Voicing } from './detector.ts'

/** What the build of @echogarden/fvad-wasm 0.2.0 calls its functions. */
interface Exports {
  /** Memory. */
  c: WebAssembly.Memory
  /** Constructors. */
  d(): void
  /** fvad_new */
  e(): number
  /** malloc */
  f(bytes: number): number
  /** fvad_set_mode */
  j(detector: number, mode: number): number
  /** fvad_set_sample_rate */
  k(detector: number, hertz: number): number
  /** fvad_process: 1 is voice */
  l(detector: number, frame: number, length: number): number
}

/** The one that takes least for a voice. */
const mode = 3
/** A voice is also louder than the room by so much. */
const loudnessFactor = 1.6

/**
 * WebRTC's voice detector, as WebAssembly.
 * @throws where the page's policy has no `wasm-unsafe-eval`, or the file does not come
 */
export async function loadVoicing(address: string): Promise<Voicing> {
  const response = await fetch(address)
  if (!response.ok) throw new Error(`${address} answered ${response.status}`)
  const refuse = () => {
    throw new Error('The voice detector has failed.')
  }
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), {
    a: { a: refuse, b: refuse },
  })
  return createVoicing(instance.exports as unknown as Exports)
}

function createVoicing(fvad: Exports): Voicing {
  fvad.d()
  const detector = fvad.e()
  fvad.j(detector, mode)
  fvad.k(detector, voiceSampleRate)
  const isLoud = createEnergyVoicing(loudnessFactor)
  let at = 0
  return frame => {
    at ||= fvad.f(frame.byteLength)
    new Int16Array(fvad.c.buffer, at, frame.length).set(frame)
    const hasVoice = fvad.l(detector, at, frame.length) === 1
    return isLoud(frame) && hasVoice
  }
}
