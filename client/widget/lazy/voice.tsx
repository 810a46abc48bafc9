import type { VNode } from 'preact'
import { Glyph } from '../../ui/glyph.tsx'
import { microphone, sound } from '../../ui/glyphs.tsx'
import { useState } from '../core/shared.ts'
import type { parts } from '../voice/parts.ts'
import { useLazy } from './words.ts'

type VoiceParts = typeof parts

/** Once it is there, the rest of the page finds it at once. */
let loaded: VoiceParts | null = null

/** The third file, once it is there, and a button that fetches it: in the tap, as sound is let out in one alone. */
function useVoice() {
  const { model, t } = useLazy()
  const [parts, setParts] = useState(loaded)

  async function load(messageId?: string) {
    const audio = new AudioContext()
    loaded = await model.loadLazy<VoiceParts>(model.client.access.url, voiceFile)
    loaded.begin(model, audio, messageId)
    setParts(loaded)
  }

  const button = (label: 'Speak' | 'Listen', of: VNode, messageId?: string) => (
    <button type="button" class="clip" aria-label={t(label)} title={t(label)} onClick={() => load(messageId)}>
      <Glyph of={of} size={messageId ? 16 : 20} />
    </button>
  )
  return { parts, features: model.client.state.session?.features.voice, button }
}

/** Where a microphone can become words: by the server, or by the browser itself. */
export function Speak({ onText }: { onText(text: string): void }) {
  const { parts, features, button } = useVoice()
  if (!isSecureContext || !(features?.stt || 'webkitSpeechRecognition' in window)) return null
  return parts ? <parts.Speak onText={onText} /> : button('Speak', microphone)
}

/** Where there is a voice: the server's, or one of the browser's. */
export function Listen({ messageId }: { messageId: string }) {
  const { parts, features, button } = useVoice()
  if (!features?.tts && !window.speechSynthesis?.getVoices().length) return null
  return parts ? <parts.Listen messageId={messageId} /> : button('Listen', sound, messageId)
}
