import type { Language, Message } from '#protocol'
import type { Client, ConversationStore } from '../../sdk/index.ts'
import { startSpeech } from '../../sdk/voice/index.ts'
import { plainText } from '../../ui/markdown.ts'
import { locale } from '../core/shared.ts'
import { createPlayer, type Player } from './player.ts'
import { sentencesOf } from './sentences.ts'

/** One message as sound. */
export interface Playback {
  play(): void
  pause(): void
  /** For good; it is noted how far it was heard. */
  stop(): void
}

export interface PlaybackEvents {
  /** The first sound is here. */
  onSound(): void
  onProgress(): void
  onEnd(): void
  /** No further sound comes. */
  onFail(): void
}

export interface PlaybackParts extends PlaybackEvents {
  client: Client<'visitor'>
  conversation: ConversationStore
  audio: AudioContext
  message: Pick<Message, 'id'>
  language: Language
  speed: number
  voice: string | undefined
  unpack(value: unknown): Uint8Array | ArrayBuffer
}

/** By the server's voice where it has one, else by the browser's. */
export function createPlayback(parts: PlaybackParts): Playback {
  const hasVoice = parts.client.state.session?.session && parts.client.state.session.features.voice.tts
  return hasVoice ? playServer(parts) : playBrowser(parts)
}

function playServer(parts: PlaybackParts): Playback {
  const { audio, message, onSound, onProgress, onEnd, onFail } = parts
  let player: Player | null = null
  let isWanted = false
  let hasSound = false

  const speech = startSpeech(parts.client, {
    messageId: message.id,
    voice: parts.voice,
    speed: parts.speed,
    unpack: parts.unpack,
    onStart(sampleRate) {
      player = createPlayer({ audio, sampleRate, onProgress, onEnd })
      if (isWanted) player.play()
    },
    onChunk({ samples }) {
      player?.add(samples)
      if (!hasSound) onSound()
      hasSound = true
    },
    onFinish() {
      player?.finish()
      // There was nothing to say.
      if (!hasSound) onEnd()
    },
    onFail() {
      // What has come is heard to its end.
      if (hasSound) player?.finish()
      else onFail()
    },
  })

  return {
    play() {
      isWanted = true
      player?.play()
    },
    pause() {
      isWanted = false
      player?.pause()
    },
    stop() {
      isWanted = false
      player?.stop()
      speech.stop(player?.playedMs ?? 0)
    },
  }
}

/** Sentence by sentence, as browsers fall silent in the middle of long texts. */
function playBrowser(parts: PlaybackParts): Playback {
  const { conversation, message, language, onSound, onProgress, onEnd, onFail } = parts
  const queue: string[] = []
  let end = 0
  let isWhole = false
  let isWanted = false
  let isSpeaking = false
  let isOver = false

  function read() {
    const current = conversation.get().messages.find(({ id }) => id === message.id)
    if (!current || isOver || isWhole) return
    const isStreaming = current.status === 'streaming'
    const isFirst = end === 0
    for (const sentence of sentencesOf(plainText(current.content), end, !isStreaming)) {
      queue.push(sentence.text)
      end = sentence.end
    }
    isWhole = !isStreaming
    if (isFirst && end > 0) onSound()
    speakNext()
  }

  function speakNext() {
    if (!isWanted || isSpeaking || isOver) return
    const [text] = queue
    if (text === undefined) {
      if (isWhole) finish(onEnd)
      return
    }
    isSpeaking = true
    const utterance = new SpeechSynthesisUtterance(text)
    utterance.lang = locale(language)
    utterance.rate = parts.speed
    const voice = speechSynthesis.getVoices().find(({ name }) => name === parts.voice)
    if (voice) utterance.voice = voice
    utterance.onend = () => {
      isSpeaking = false
      if (!isWanted) return
      queue.shift()
      onProgress()
      speakNext()
    }
    utterance.onerror = ({ error }) => {
      isSpeaking = false
      if (isWanted && error !== 'canceled' && error !== 'interrupted') finish(onFail)
    }
    speechSynthesis.speak(utterance)
  }

  function finish(report: () => void) {
    isOver = true
    unsubscribe()
    report()
  }

  function silence() {
    isWanted = false
    isSpeaking = false
    speechSynthesis.cancel()
  }

  const unsubscribe = conversation.subscribe(read)
  queueMicrotask(read)
  return {
    play() {
      isWanted = true
      speakNext()
    },
    pause: silence,
    stop() {
      silence()
      isOver = true
      unsubscribe()
    },
  }
}
