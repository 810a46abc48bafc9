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
  const { client } = model
  const voice = client.state.session?.features.voice
  const [parts, setParts] = useState(loaded)

  async function load(messageId?: string) {
    const audio = new AudioContext()
    loaded = await model.loadLazy<VoiceParts>(client.access.url, voiceFile)
    loaded.begin(model, audio, messageId)
    setParts(loaded)
  }

  const button = (label: 'Speak' | 'Listen', of: VNode, messageId?: string) => (
    <button type="button" class="clip" title={t(label)} onClick={() => load(messageId)}>
      <Glyph of={of} size={messageId ? 16 : 20} />
    </button>
  )
  /** Whether the server does it, or the browser may. */
  const has = (what: 'stt' | 'tts', own: unknown) => voice && (voice[what] || (voice.browser && own))
  return { parts, has, button }
}

/** Where a microphone can become words: by the server, or by the browser itself. */
export function Speak({ onText }: { onText(text: string): void }) {
  const { parts, has, button } = useVoice()
  if (!isSecureContext || !has('stt', 'webkitSpeechRecognition' in window)) return null
  return parts ? <parts.Speak onText={onText} /> : button('Speak', microphone)
}

/** Where there is a voice: the server's, or one of the browser's. */
export function Listen({ messageId }: { messageId: string }) {
  const { parts, has, button } = useVoice()
  if (!has('tts', window.speechSynthesis?.getVoices()[0])) return null
  return parts ? <parts.Listen messageId={messageId} /> : button('Listen', sound, messageId)
}
