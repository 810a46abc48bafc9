import type { Language } from '#protocol'
import type { Slots } from '../../sdk/index.ts'

/** How one likes to listen; kept on the device. */
export interface VoicePreferences {
  speed: number
  /** Names of the browser's voices. */
  voices: Partial<Record<Language, string>>
}

export const speeds = [1, 1.25, 1.5, 0.75]
const slot = 'voice'

export function readPreferences(slots: Slots): VoicePreferences {
  return { speed: 1, voices: {}, ...slots.read<Partial<VoicePreferences>>(slot) }
}

export function writePreferences(slots: Slots, change: Partial<VoicePreferences>): void {
  slots.write(slot, { ...readPreferences(slots), ...change })
}
