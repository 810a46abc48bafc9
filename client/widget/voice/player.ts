import { toFloat } from './resample.ts'

/** Ahead of the clock, so that the first samples are not late. */
const leadSeconds = 0.03

/** Sound that comes in pieces and can be paused between any two samples. */
export interface Player {
  add(samples: Int16Array): void
  /** No more comes. */
  finish(): void
  play(): void
  /** Silence at once. */
  pause(): void
  stop(): void
  /** Milliseconds of it that were played. */
  readonly playedMs: number
}

export interface PlayerParts {
  audio: AudioContext
  sampleRate: number
  /** Another piece was played. */
  onProgress(): void
  /** It was played to its end. */
  onEnd(): void
}

interface Piece {
  buffer: AudioBuffer
  /** Seconds from the beginning of all. */
  start: number
}

export function createPlayer({ audio, sampleRate, onProgress, onEnd }: PlayerParts): Player {
  const pieces: Piece[] = []
  const sources = new Set<AudioBufferSourceNode>()
  let length = 0
  let isFinished = false
  let isPlaying = false
  let isOver = false
  /** Where it was paused, in seconds. */
  let position = 0
  /** On the clock of the audio, where the beginning of all would be. */
  let origin = 0

  function currentPosition(): number {
    if (!isPlaying) return position
    return Math.max(position, Math.min(length, audio.currentTime - origin))
  }

  function schedule({ buffer, start }: Piece, from: number) {
    const source = audio.createBufferSource()
    source.buffer = buffer
    source.connect(audio.destination)
    const skipped = Math.max(0, from - start)
    source.start(origin + start + skipped, skipped)
    source.onended = () => {
      sources.delete(source)
      onProgress()
      endIfPlayed()
    }
    sources.add(source)
  }

  function endIfPlayed() {
    if (isOver || !isPlaying || !isFinished || sources.size > 0) return
    isOver = true
    isPlaying = false
    position = length
    onEnd()
  }

  function silence() {
    position = currentPosition()
    isPlaying = false
    for (const source of sources) {
      source.onended = null
      source.stop()
      source.disconnect()
    }
    sources.clear()
  }

  return {
    get playedMs() {
      return currentPosition() * 1000
    },
    add(samples) {
      if (samples.length === 0 || isOver) return
      const buffer = audio.createBuffer(1, samples.length, sampleRate)
      buffer.copyToChannel(toFloat(samples), 0)
      const piece = { buffer, start: length }
      // It came too late to follow on: what was silence is none of it.
      if (isPlaying && sources.size === 0) {
        position = length
        origin = audio.currentTime + leadSeconds - length
      }
      pieces.push(piece)
      length += buffer.duration
      if (isPlaying) schedule(piece, position)
    },
    finish() {
      isFinished = true
      endIfPlayed()
    },
    play() {
      if (isPlaying || isOver) return
      isPlaying = true
      origin = audio.currentTime + leadSeconds - position
      for (const piece of pieces)
        if (piece.start + piece.buffer.duration > position) schedule(piece, position)
      endIfPlayed()
    },
    pause: silence,
    stop() {
      silence()
      isOver = true
    },
  }
}
