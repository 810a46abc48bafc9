import { isFiller, isVoiced, joinSpoken, type TurnSettings, type TurnTaker } from '../../sdk/voice/index.ts'
import { hangoverMs } from './detector.ts'
import { beginSegment, type Environment } from './environment.ts'
import { frameMs } from './microphone.ts'
import type { Output } from './output.ts'
import type { Segment } from './segment.ts'

export interface HearingParts {
  environment: Environment
  output: Output
  settings: TurnSettings
  taker(): TurnTaker
}

interface Piece {
  segment: Segment
  text: string
  /** How much voice is in it. */
  voicedMs: number
  /** Begun over an answer, where "ok" only means that one listens. */
  isOverAnswer: boolean
}

/** What was said just before the detector was sure: 300 ms. */
const preRollFrames = 300 / frameMs

/** What one turn consists of, as the person pauses and goes on: one piece that is open, and those that are understood. */
export function createPieces({ environment, output, settings, taker }: HearingParts) {
  const preRoll: Int16Array[] = []
  let open: Piece | null = null
  /** Finished, and not understood yet. */
  let pending = 0
  /** Understood, and not sent. */
  let whole: Piece[] = []

  const text = () => joinSpoken([...whole, ...(open ? [open] : [])].map(piece => piece.text))
  const show = () => environment.store.set({ text: text() })

  function begin() {
    if (open) return
    const isOverAnswer = output.messageId !== null
    const segment = beginSegment(environment, {
      onText(partial) {
        if (open !== piece) return
        piece.text = partial
        show()
        if (isOverAnswer && isVoiced[taker().state] && !isFiller(partial, true)) taker().dispatch('words')
      },
      onFail() {
        if (open !== piece) return
        open = null
        taker().dispatch('fail')
      },
    })
    const piece: Piece = { segment, isOverAnswer, text: '', voicedMs: 0 }
    open = piece
    for (const frame of preRoll) segment.push(frame)
  }

  async function finish(): Promise<void> {
    const piece = open
    open = null
    if (!piece) return
    if (piece.voicedMs < settings.speechMinMs) return piece.segment.drop()
    pending++
    try {
      piece.text = await piece.segment.finish()
      whole.push(piece)
      show()
    } catch {
      taker().dispatch('fail')
    }
    pending--
  }

  return {
    text,
    begin,
    finish,
    /** 20 ms, with what the detector makes of it. */
    push(frame: Int16Array, change: 'voice' | 'quiet' | null) {
      if (open && isVoiced[taker().state]) open.voicedMs += frameMs
      if (open && change === 'quiet') open.voicedMs -= hangoverMs
      if (change) taker().dispatch(change)
      open?.segment.push(frame)
      preRoll.push(frame)
      if (preRoll.length > preRollFrames) preRoll.shift()
    },
    isWhole: () => open === null && pending === 0,
    isOverAnswer: () => whole.length > 0 && whole.every(piece => piece.isOverAnswer),
    drop() {
      open?.segment.drop()
      open = null
    },
    /** @returns the last one, which the others are said with */
    clear(): Segment | undefined {
      const last = whole.at(-1)
      whole = []
      show()
      return last?.segment
    },
  }
}
