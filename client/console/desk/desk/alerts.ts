import { createSlots } from '../../../sdk/storage.ts'
import { createStore, type Store } from '../../../sdk/store.ts'

interface AlertState {
  hasSound: boolean
  hasNotices: boolean
  /** The browser was asked and said no: only its own settings can change that. */
  isRefused: boolean
}

export interface Alerts extends Store<AlertState> {
  setSound(isOn: boolean): void
  /** Asks the browser for leave, when it was not given yet: only ever because somebody turned the switch. */
  setNotices(isOn: boolean): Promise<void>
  /** Two tones, and a notice of the browser's when the page is not looked at. Never throws: what it tells of has happened. */
  alert(notice: Notice): void
}

interface Notice {
  title: string
  text: string
  /** One of the same takes the place of the one before, and is heard again. */
  topic: string
  onOpen(): void
}

const slots = createSlots('parley:alerts:')
const tones = [
  { hertz: 660, at: 0 },
  { hertz: 880, at: 0.14 },
]
const toneSeconds = 0.18
const loudness = 0.12
/** Several who come together ring once. */
const quietMs = 1000

/** How an agent is told that somebody waits or has written. The switches are kept. */
export function createAlerts(): Alerts {
  const permission = () => (typeof Notification === 'undefined' ? 'denied' : Notification.permission)
  const store = createStore<AlertState>({
    hasSound: slots.read<boolean>('sound') ?? true,
    hasNotices: (slots.read<boolean>('notices') ?? false) && permission() === 'granted',
    isRefused: permission() === 'denied',
  })
  let audio: AudioContext | null = null
  let rangAt = Number.NEGATIVE_INFINITY

  function ring() {
    if (performance.now() - rangAt < quietMs) return
    rangAt = performance.now()
    audio ??= new AudioContext()
    // Not allowed before the first click in the page; then there is silence.
    void audio.resume().catch(() => {})
    for (const { hertz, at } of tones) {
      const tone = new OscillatorNode(audio, { frequency: hertz })
      const volume = new GainNode(audio, { gain: loudness })
      const begin = audio.currentTime + at
      volume.gain.setTargetAtTime(0, begin + toneSeconds / 2, toneSeconds / 4)
      tone.connect(volume).connect(audio.destination)
      tone.start(begin)
      tone.stop(begin + toneSeconds * 2)
    }
  }

  return {
    ...store,
    setSound(hasSound) {
      slots.write('sound', hasSound)
      store.set({ hasSound })
      if (hasSound) ring()
    },
    async setNotices(isOn) {
      const given = isOn && permission() === 'default' ? await askPermission() : permission()
      const hasNotices = isOn && given === 'granted'
      slots.write('notices', hasNotices)
      store.set({ hasNotices, isRefused: given === 'denied' })
    },
    alert(notice) {
      const { hasSound, hasNotices } = store.get()
      try {
        if (hasSound) ring()
      } catch {
        // No device to sound on, or no leave: the rest is told all the same.
      }
      try {
        if (hasNotices && !document.hasFocus()) show(notice)
      } catch {
        // Android's browsers know the constructor and refuse it: the switch says so.
        store.set({ hasNotices: false, isRefused: true })
      }
    },
  }
}

function show({ title, text, topic, onOpen }: Notice) {
  const options: NotificationOptions & { renotify: boolean } = {
    body: text,
    tag: `parley-desk:${topic}`,
    renotify: true,
  }
  const notice = new Notification(title, options)
  notice.onclick = () => {
    window.focus()
    onOpen()
    notice.close()
  }
}

async function askPermission(): Promise<NotificationPermission> {
  return Notification.requestPermission().catch(() => 'denied')
}
