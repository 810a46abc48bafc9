import { frameMs } from './microphone.ts'

/** Whether a frame has a voice in it. */
export type Voicing = (frame: Int16Array) => boolean

/** Of the last six frames four: 80 ms of voice, so that a word of 200 ms is noticed and a click is not. */
const startFrames = 6
const startVoiced = 4
/** So long there is none until it has ended. */
export const hangoverMs = 200
const stopFrames = hangoverMs / frameMs

export interface Detector {
  /** Where voice begins or ends with this frame. */
  push(frame: Int16Array): 'voice' | 'quiet' | null
}

export function createDetector(isVoiced: Voicing): Detector {
  const recent: boolean[] = []
  let isOn = false
  let silent = 0
  return {
    push(frame) {
      const voiced = isVoiced(frame)
      recent.push(voiced)
      if (recent.length > startFrames) recent.shift()
      silent = voiced ? 0 : silent + 1
      if (!isOn && recent.filter(Boolean).length >= startVoiced) {
        isOn = true
        return 'voice'
      }
      if (isOn && silent >= stopFrames) {
        isOn = false
        recent.length = 0
        return 'quiet'
      }
      return null
    },
  }
}

/** Root mean square, 0 to 1. */
export function loudness(frame: Int16Array): number {
  let sum = 0
  for (const sample of frame) sum += sample * sample
  return Math.sqrt(sum / frame.length) / 0x8000
}

/** Quieter than this is a room, in any. */
const quietest = 0.004
/** How fast the notion of silence follows a louder room, per frame. */
const rise = 1.005

/** By loudness over what the room sounds like, for pages that allow no WebAssembly, and before it is there. */
export function createEnergyVoicing(factor = 3): Voicing {
  let floor = quietest
  return frame => {
    const level = loudness(frame)
    const isLoud = level > Math.max(quietest * 2, floor * factor)
    floor = level < floor ? Math.max(quietest / 4, level) : Math.min(floor * rise, level)
    return isLoud
  }
}
