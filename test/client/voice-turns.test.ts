import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { isFiller, joinSpoken, soundsUnfinished } from '../../client/sdk/voice/spoken.ts'
import {
  isVoiced,
  type TurnEffect,
  type TurnEvent,
  type TurnState,
  turnDefaults,
  turns,
} from '../../client/sdk/voice/turn.ts'
import { createTurnTaker } from '../../client/sdk/voice/turn-taker.ts'

const states = Object.keys(turns) as TurnState[]
const events = Object.keys(turns.off) as TurnEvent[]

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** One who takes turns, and what was done. */
function begin(change: Partial<typeof turnDefaults> = {}) {
  const settings = { ...turnDefaults, ...change }
  const effects: TurnEffect[] = []
  let pauseMs = settings.pauseMs
  const taker = createTurnTaker({
    settings,
    perform: effect => void effects.push(effect),
    onState: () => {},
    pauseMs: () => pauseMs,
  })
  taker.dispatch('start')
  return {
    taker,
    effects,
    settings,
    pauseFor(ms: number) {
      pauseMs = ms
    },
    /** Dispatches one after the other; a number passes so many milliseconds. */
    run(...steps: (TurnEvent | number)[]) {
      for (const step of steps)
        if (typeof step === 'number') vi.advanceTimersByTime(step)
        else taker.dispatch(step)
      return taker.state
    },
    /** What was done since the last call. */
    flush: () => effects.splice(0),
  }
}

describe('the table of turns', () => {
  test('has a way out of every state by time, and off by one tap', () => {
    for (const state of states.filter(each => each !== 'off')) {
      expect(turns[state].stop, state).toEqual(['off', 'drop', 'silence', 'close'])
      const seen = new Set<TurnState>()
      for (let at: TurnState = state; at !== 'off'; at = turns[at].timeout![0]) {
        expect(seen.has(at), `${state} comes back to ${at}`).toBe(false)
        expect(turnDefaults.limitsMs[at]).toBeGreaterThan(0)
        seen.add(at)
      }
    }
  })

  test('lets no sound begin, or go on, where the person speaks', () => {
    for (const state of states)
      for (const event of events) {
        const [next = state, ...effects] = turns[state][event] ?? []
        const sounds = effects.some(effect => effect === 'play' || effect === 'resume')
        if (sounds) expect([isVoiced[next], isVoiced[state]], `${state} ${event}`).toEqual([false, false])
      }
  })

  test('pauses or ends the sound with every way out of speaking that is not the end of it', () => {
    const sounding: TurnState[] = ['speaking', 'overlapping']
    for (const state of sounding)
      for (const event of events) {
        const [next, ...effects] = turns[state][event] ?? [state]
        if (sounding.includes(next) || event === 'end') continue
        expect(effects.includes('pause') || effects.includes('silence'), `${state} ${event}`).toBe(true)
      }
  })

  /** Speech that is being sent is finished or dropped before the state says that there is none. */
  test('leaves no speech open, whatever comes in whatever order', () => {
    const closed: TurnState[] = ['off', 'listening', 'transcribing', 'thinking', 'speaking']
    const arbitrary = fc.array(fc.oneof(fc.constantFrom(...events), fc.integer({ min: 1, max: 3000 })), {
      maxLength: 80,
    })
    fc.assert(
      fc.property(arbitrary, fc.boolean(), (steps, canInterrupt) => {
        const { taker, run, flush } = begin({ canInterrupt })
        let isOpen = false
        const count = () => {
          for (const effect of flush()) {
            if (effect === 'begin') isOpen = true
            if (effect === 'finish' || effect === 'drop' || effect === 'close') isOpen = false
            if (effect === 'play' || effect === 'resume' || effect === 'send') expect(isOpen).toBe(false)
          }
        }
        for (const step of steps) {
          // Where they are silent, words are those of speech that is whole.
          const isVerdict = step === 'words' || step === 'filler'
          if (isVerdict && isOpen && !isVoiced[taker.state]) continue
          run(step)
          count()
          if (closed.includes(taker.state)) expect(isOpen, taker.state).toBe(false)
        }
        // Nothing comes any more: in the end the microphone is off.
        run(15 * 60_000)
        expect(taker.state).toBe('off')
        run('start')
        expect(taker.state).toBe('listening')
      }),
      { numRuns: 2000 },
    )
  })
})

describe('taking turns', () => {
  test('a turn ends by half a second of silence, and is sent', () => {
    const { run, flush } = begin()
    expect(run('voice', 900, 'quiet', 499)).toBe('pausing')
    expect(run(1)).toBe('transcribing')
    expect(run('words')).toBe('thinking')
    expect(flush()).toEqual(['open', 'begin', 'finish', 'send'])
  })

  test('a sentence that sounds unfinished has three seconds to go on', () => {
    const { run, pauseFor, settings } = begin()
    pauseFor(settings.unfinishedPauseMs)
    expect(run('voice', 900, 'quiet', 2900)).toBe('pausing')
    expect(run('voice', 300, 'quiet', 2999)).toBe('pausing')
    expect(run(1)).toBe('transcribing')
  })

  test('a short word is heard: “yes”, “对”', () => {
    const { run, flush } = begin()
    expect(run('voice', 200, 'quiet', 500, 'words')).toBe('thinking')
    expect(flush()).toContain('send')
  })

  test('what is said after the end reopens the turn: the answer on its way waits, then gives way', () => {
    const { run, flush } = begin()
    run('voice', 600, 'quiet', 500, 'words')
    flush()
    expect(run('voice', 'sound', 700, 'quiet')).toBe('rechecking')
    expect(run(500, 'words')).toBe('thinking')
    expect(flush()).toEqual(['begin', 'finish', 'stopReply', 'send'])
  })

  test('words that are still being understood are joined by those that follow', () => {
    const { run, flush } = begin()
    expect(run('voice', 600, 'quiet', 500, 'voice')).toBe('hearing')
    expect(run('words', 400, 'quiet', 500, 'words')).toBe('thinking')
    expect(flush().filter(effect => effect === 'send')).toHaveLength(1)
  })

  test('a phantom voice does not cancel the answer: it waits, and sounds', () => {
    const { run, flush } = begin()
    run('voice', 600, 'quiet', 500, 'words')
    flush()
    expect(run('voice', 100, 'sound', 'quiet', 500, 'filler')).toBe('speaking')
    expect(flush()).toEqual(['begin', 'finish', 'play'])
  })

  test('an answer never starts while the person still speaks', () => {
    const { run, flush } = begin()
    run('voice', 600, 'quiet', 500, 'words', 'voice')
    flush()
    expect(run('sound', 5000)).toBe('reopening')
    expect(flush()).toEqual([])
    expect(run('quiet', 500, 'filler')).toBe('speaking')
  })
})

describe('interrupting', () => {
  function speaking(change: Partial<typeof turnDefaults> = {}) {
    const parts = begin(change)
    parts.run('voice', 600, 'quiet', 500, 'words', 'sound')
    expect(parts.taker.state).toBe('speaking')
    parts.flush()
    return parts
  }

  test('half a second of speech pauses the answer, its words end it', () => {
    const { run, flush } = speaking()
    expect(run('voice', 499)).toBe('overlapping')
    expect(flush()).toEqual(['begin'])
    expect(run(1)).toBe('interrupted')
    expect(flush()).toEqual(['pause'])
    expect(run(800, 'quiet', 500, 'words')).toBe('thinking')
    expect(flush()).toEqual(['finish', 'silence', 'stopReply', 'send'])
  })

  test('a false one resumes where it stopped, after two seconds at the latest', () => {
    const { run, flush } = speaking()
    expect(run('voice', 700, 'quiet', 500)).toBe('verifying')
    expect(run(1499)).toBe('verifying')
    expect(run(1)).toBe('speaking')
    expect(flush()).toEqual(['begin', 'pause', 'finish', 'finish', 'resume'])
  })

  test('words that come later than that still count', () => {
    const { run, flush } = speaking()
    run('voice', 700, 'quiet', 2000)
    flush()
    expect(run('words')).toBe('thinking')
    expect(flush()).toEqual(['silence', 'stopReply', 'send'])
  })

  test('“uh-huh” and “嗯” do not interrupt', () => {
    const { run, flush } = speaking()
    expect(run('voice', 300, 'quiet')).toBe('speaking')
    expect(flush()).toEqual(['begin', 'drop'])
    expect(run('voice', 600, 'filler', 'quiet', 500, 'filler')).toBe('speaking')
    expect(flush()).toEqual(['begin', 'pause', 'finish', 'resume'])
  })

  test('is possible again and again: neither stuck in speaking nor deaf after a small one', () => {
    const { run, flush } = speaking()
    for (let round = 0; round < 20; round++) {
      expect(run('voice', 200, 'quiet')).toBe('speaking')
      expect(run('voice', 600, 'quiet', 500, 'filler')).toBe('speaking')
    }
    flush()
    expect(run('voice', 600)).toBe('interrupted')
    expect(run('words', 'quiet', 500, 'words', 'sound')).toBe('speaking')
    expect(run('end')).toBe('listening')
    expect(run('voice', 300, 'quiet', 500, 'words')).toBe('thinking')
  })

  test('“no interruptions” does not interrupt, and hears again when the answer has ended', () => {
    const { run, flush } = speaking({ canInterrupt: false })
    expect(run('voice', 3000, 'quiet', 'voice', 400)).toBe('speaking')
    expect(flush()).toEqual([])
    expect(run('end')).toBe('hearing')
    expect(run(500, 'quiet', 500, 'words')).toBe('thinking')
  })

  test('an answer that falls silent in the middle does not hold the turn', () => {
    const { run, taker } = speaking()
    for (let second = 0; second < 60; second++) {
      run(1000)
      taker.extend()
    }
    expect(taker.state).toBe('speaking')
    expect(run(turnDefaults.limitsMs.speaking)).toBe('listening')
  })

  test('a stream that fails again and again is said once, and tried at the next word', () => {
    const { run, flush } = begin()
    expect(run('voice', 'fail', 5000)).toBe('listening')
    expect(flush()).toEqual(['open', 'begin', 'drop', 'report'])
    expect(run('quiet', 'voice')).toBe('hearing')
  })
})

describe('how people speak', () => {
  test('sounds that say nothing are nothing to answer', () => {
    for (const text of ['Hmm.', 'um, uh…', '嗯', '嗯嗯。', '', '...', '呃，那个'])
      expect(isFiller(text, false), text).toBe(true)
    for (const text of ['Yes.', 'ok', '对', '好的', 'no', 'Stop!', '等一下'])
      expect(isFiller(text, false), text).toBe(false)
  })

  test('what a listener says does not interrupt', () => {
    for (const text of ['Uh-huh', 'OK', 'okay, okay', 'Yeah. Right.', '嗯嗯', '好的好的', '对对对', 'I see'])
      expect(isFiller(text, true), text).toBe(true)
    for (const text of ['no', 'stop', 'wait', '不对', '等等', 'ok but how much is it', '好的我要这个'])
      expect(isFiller(text, true), text).toBe(false)
  })

  test('a sentence that goes on is known by its last word', () => {
    for (const text of ['I would like the one with', 'and then um', 'does it fit,', 'I want to…'])
      expect(soundsUnfinished(text, 'en'), text).toBe(true)
    for (const text of ['How long does delivery take', 'Yes', 'The blue one.', 'I want to.'])
      expect(soundsUnfinished(text, 'en'), text).toBe(false)
    for (const text of ['我想要那个', '这个多少钱，还有', '如果'])
      expect(soundsUnfinished(text, 'zh'), text).toBe(true)
    for (const text of ['多少钱', '可以退货吗？', '对'])
      expect(soundsUnfinished(text, 'zh'), text).toBe(false)
  })

  test('pieces of a turn are one text', () => {
    expect(joinSpoken(['How long', ' does it take? '])).toBe('How long does it take?')
    expect(joinSpoken(['我想要', '', '蓝色的'])).toBe('我想要蓝色的')
    expect(joinSpoken([])).toBe('')
  })
})
