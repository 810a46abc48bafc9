import {
  isVoiced,
  type TurnEffect,
  type TurnEvent,
  type TurnSettings,
  type TurnState,
  turns,
} from './turn.ts'

export interface TurnTakerParts {
  settings: TurnSettings
  /** What the table says is to be done. It may dispatch: that comes next. */
  perform(effect: TurnEffect): void
  onState(state: TurnState): void
  /** How long a silence ends the turn, from where the voice ended, in milliseconds. */
  pauseMs(): number
}

export interface TurnTaker {
  readonly state: TurnState
  dispatch(event: TurnEvent): void
  /** The answer goes on sounding. */
  extend(): void
}

/** Walks the table of turns: with its clocks, and with what has to wait for its state. */
export function createTurnTaker({ settings, perform, onState, pauseMs }: TurnTakerParts): TurnTaker {
  let state: TurnState = 'off'
  /** The person makes a sound, also where the state does not mind. */
  let isVoiceOn = false
  /** The answer could sound, where nobody speaks. */
  let isSoundReady = false
  let isRunning = false
  const queue: TurnEvent[] = []
  const timers: ReturnType<typeof setTimeout>[] = []

  function enter(next: TurnState) {
    const isSame = next === state
    state = next
    // What is left of a wait belongs to where it began: `finish` in `verifying` does not begin it anew.
    if (isSame) return
    stopTimers()
    if (next !== 'off') wait('timeout', settings.limitsMs[next])
    if (next === 'overlapping') wait('persist', settings.interruptionMs)
    if (turns[next].settle) wait('settle', pauseMs())
    onState(next)
  }

  function stopTimers() {
    for (const timer of timers.splice(0)) clearTimeout(timer)
  }

  function wait(event: TurnEvent, ms: number) {
    timers.push(setTimeout(() => dispatch(event), ms))
  }

  /** What is so, whatever the state makes of it. */
  function note(event: TurnEvent) {
    if (event === 'voice') isVoiceOn = true
    // A voice that never ends, or whose words cannot be taken, is heard anew once it has paused.
    else if (event === 'quiet' || event === 'timeout' || event === 'fail' || event === 'start')
      isVoiceOn = false
    if (event === 'sound') isSoundReady = true
    else if (event === 'end' || event === 'start') isSoundReady = false
  }

  function step(event: TurnEvent) {
    note(event)
    if (event === 'voice' && state === 'speaking' && !settings.canInterrupt) return
    const found = turns[state][event]
    if (!found) return
    const [next, ...effects] = found
    enter(next)
    for (const effect of effects) {
      if (effect === 'play' || effect === 'send' || effect === 'silence') isSoundReady = false
      perform(effect)
    }
  }

  /** What came in another state, and is still so. */
  function offer(): TurnEvent | undefined {
    if (
      isVoiceOn &&
      !isVoiced[state] &&
      turns[state].voice &&
      (state !== 'speaking' || settings.canInterrupt)
    )
      return 'voice'
    if (isSoundReady && turns[state].sound) return 'sound'
    return undefined
  }

  function dispatch(event: TurnEvent) {
    queue.push(event)
    if (isRunning) return
    isRunning = true
    try {
      for (let next = queue.shift() ?? offer(); next; next = queue.shift() ?? offer()) step(next)
    } finally {
      isRunning = false
    }
  }

  return {
    get state() {
      return state
    },
    dispatch,
    extend() {
      if (state !== 'speaking') return
      stopTimers()
      wait('timeout', settings.limitsMs.speaking)
    },
  }
}
