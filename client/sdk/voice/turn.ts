import type { TurnTaking } from '#protocol/core/features'

/**
 * off            nothing is captured
 * listening      nobody speaks, and no answer is due
 * hearing        the person speaks
 * pausing        they fell silent: the turn ends unless they go on
 * transcribing   the turn has ended, its words are not known yet
 * thinking       the words are sent, the first sound of the answer is not here
 * reopening      they speak again before it came
 * rechecking     they fell silent again: was it a turn?
 * speaking       the answer sounds
 * overlapping    they make a sound over it, too short yet to be an interruption
 * interrupted    they speak over it: it is paused
 * verifying      they fell silent again: was it an interruption?
 */
export type TurnState =
  | 'off'
  | 'listening'
  | 'hearing'
  | 'pausing'
  | 'transcribing'
  | 'thinking'
  | 'reopening'
  | 'rechecking'
  | 'speaking'
  | 'overlapping'
  | 'interrupted'
  | 'verifying'

/**
 * start    voice is switched on
 * stop     and off
 * voice    the person begins to speak
 * quiet    they fall silent
 * persist  they have spoken for as long as an interruption takes
 * settle   they have been silent for as long as ends a turn
 * words    what they said is understood
 * filler   what they said is nothing to answer: "uh-huh", a cough
 * sound    the answer can begin to sound
 * end      the answer has sounded to its end, or there is none to hear
 * fail     the turn, or the sound of the answer, has failed
 * timeout  the state has lasted for its longest time
 */
export type TurnEvent =
  | 'start'
  | 'stop'
  | 'voice'
  | 'quiet'
  | 'persist'
  | 'settle'
  | 'words'
  | 'filler'
  | 'sound'
  | 'end'
  | 'fail'
  | 'timeout'

/**
 * open, close          the microphone; closing lets go of everything else too
 * begin, finish, drop  a piece of speech: is sent as it comes, is whole, is not wanted
 * send                 all that was understood becomes the person's message
 * stopReply            the answer on its way is of an earlier turn
 * play, pause, resume  the sound of the answer
 * silence              it is over, and it is noted how far it was heard
 * report               the person is told that something failed
 */
export type TurnEffect =
  | 'open'
  | 'close'
  | 'begin'
  | 'finish'
  | 'drop'
  | 'send'
  | 'stopReply'
  | 'play'
  | 'pause'
  | 'resume'
  | 'silence'
  | 'report'

/** Where an event leads, and what is done then, in this order. */
export type TurnStep = readonly [TurnState, ...TurnEffect[]]

/** Nothing: the event is late, or of no matter here. */
export const ignored = null

type Row = Readonly<Record<TurnEvent, TurnStep | typeof ignored>>

const off: TurnStep = ['off', 'drop', 'silence', 'close']

/**
 * Every cell, and the compiler asks for each. An answer begins to sound out of `thinking` and `listening` alone, where nobody speaks;
 * what comes earlier waits, and is offered again when such a state is entered.
 */
export const turns: Readonly<Record<TurnState, Row>> = {
  off: {
    start: ['listening', 'open'],
    stop: ignored,
    voice: ignored,
    quiet: ignored,
    persist: ignored,
    settle: ignored,
    words: ignored,
    filler: ignored,
    sound: ignored,
    end: ignored,
    fail: ignored,
    timeout: ignored,
  },
  listening: {
    start: ignored,
    stop: off,
    voice: ['hearing', 'begin'],
    quiet: ignored,
    persist: ignored,
    settle: ignored,
    // Those of a turn whose transcription was no longer waited for.
    words: ['thinking', 'send'],
    filler: ignored,
    sound: ['speaking', 'play'],
    end: ignored,
    fail: ['listening', 'report'],
    timeout: off,
  },
  hearing: {
    start: ignored,
    stop: off,
    voice: ignored,
    quiet: ['pausing'],
    persist: ignored,
    settle: ignored,
    words: ignored,
    filler: ignored,
    sound: ignored,
    end: ignored,
    fail: ['listening', 'drop', 'report'],
    timeout: ['transcribing', 'finish'],
  },
  pausing: {
    start: ignored,
    stop: off,
    voice: ['hearing'],
    quiet: ignored,
    persist: ignored,
    settle: ['transcribing', 'finish'],
    words: ignored,
    filler: ignored,
    sound: ignored,
    end: ignored,
    fail: ['listening', 'drop', 'report'],
    timeout: ['transcribing', 'finish'],
  },
  transcribing: {
    start: ignored,
    stop: off,
    voice: ['hearing', 'begin'],
    quiet: ignored,
    persist: ignored,
    settle: ignored,
    words: ['thinking', 'send'],
    filler: ['listening'],
    sound: ignored,
    end: ignored,
    fail: ['listening', 'drop', 'report'],
    timeout: ['listening', 'report'],
  },
  thinking: {
    start: ignored,
    stop: off,
    voice: ['reopening', 'begin'],
    quiet: ignored,
    persist: ignored,
    settle: ignored,
    words: ['thinking', 'stopReply', 'send'],
    filler: ignored,
    sound: ['speaking', 'play'],
    end: ['listening'],
    fail: ['listening', 'report'],
    timeout: ['listening'],
  },
  reopening: {
    start: ignored,
    stop: off,
    voice: ignored,
    quiet: ['rechecking'],
    persist: ignored,
    settle: ignored,
    words: ['hearing', 'stopReply'],
    filler: ignored,
    sound: ignored,
    end: ['hearing'],
    fail: ['reopening', 'drop'],
    timeout: ['rechecking', 'finish'],
  },
  rechecking: {
    start: ignored,
    stop: off,
    voice: ['reopening', 'begin'],
    quiet: ignored,
    persist: ignored,
    settle: ['rechecking', 'finish'],
    words: ['thinking', 'stopReply', 'send'],
    filler: ['thinking'],
    sound: ignored,
    end: ['pausing'],
    fail: ['thinking', 'drop'],
    timeout: ['thinking', 'finish'],
  },
  speaking: {
    start: ignored,
    stop: off,
    voice: ['overlapping', 'begin'],
    quiet: ignored,
    persist: ignored,
    settle: ignored,
    // Of an interruption that was taken for a false one, as they came late.
    words: ['thinking', 'silence', 'stopReply', 'send'],
    filler: ignored,
    sound: ignored,
    end: ['listening'],
    fail: ['listening', 'silence', 'report'],
    timeout: ['listening', 'silence'],
  },
  overlapping: {
    start: ignored,
    stop: off,
    voice: ignored,
    quiet: ['speaking', 'drop'],
    persist: ['interrupted', 'pause'],
    settle: ignored,
    words: ['interrupted', 'pause'],
    filler: ignored,
    sound: ignored,
    end: ['hearing'],
    fail: ['overlapping', 'drop'],
    timeout: ['interrupted', 'pause'],
  },
  interrupted: {
    start: ignored,
    stop: off,
    voice: ignored,
    quiet: ['verifying'],
    persist: ignored,
    settle: ignored,
    words: ['hearing', 'silence', 'stopReply'],
    filler: ignored,
    sound: ignored,
    end: ['hearing', 'silence'],
    fail: ['interrupted', 'drop'],
    timeout: ['verifying', 'finish'],
  },
  verifying: {
    start: ignored,
    stop: off,
    voice: ['interrupted', 'begin'],
    quiet: ignored,
    persist: ignored,
    settle: ['verifying', 'finish'],
    words: ['thinking', 'silence', 'stopReply', 'send'],
    filler: ['speaking', 'resume'],
    sound: ignored,
    end: ['pausing', 'silence'],
    fail: ['speaking', 'drop', 'resume'],
    timeout: ['speaking', 'finish', 'resume'],
  },
}

/** In which the person makes a sound, as far as the table knows. */
export const isVoiced: Readonly<Record<TurnState, boolean>> = {
  off: false,
  listening: false,
  hearing: true,
  pausing: false,
  transcribing: false,
  thinking: false,
  reopening: true,
  rechecking: false,
  speaking: false,
  overlapping: true,
  interrupted: true,
  verifying: false,
}

export interface TurnSettings {
  /** Silence that ends a turn. */
  pauseMs: number
  /** The same where the sentence sounds unfinished. */
  unfinishedPauseMs: number
  /** Speech over the answer that interrupts it. */
  interruptionMs: number
  /** Voice below this is a click or a cough: it is not even sent. */
  speechMinMs: number
  /** False: an answer is heard to its end; what is said meanwhile is none of it. */
  canInterrupt: boolean
  /**
   * The longest time in each state. Of `speaking` it is that without a sound; of `verifying`, after it an interruption without words is
   * a false one, and the answer goes on where it stopped.
   */
  limitsMs: Readonly<Record<Exclude<TurnState, 'off'>, number>>
}

export const turnDefaults: TurnSettings = {
  pauseMs: 500,
  unfinishedPauseMs: 3000,
  interruptionMs: 500,
  speechMinMs: 100,
  canInterrupt: true,
  limitsMs: {
    listening: 120_000,
    hearing: 60_000,
    pausing: 4000,
    transcribing: 20_000,
    thinking: 60_000,
    reopening: 60_000,
    rechecking: 20_000,
    speaking: 15_000,
    overlapping: 5000,
    interrupted: 60_000,
    verifying: 2000,
  },
}

/** As the server's owner has set them. */
export function turnSettings(set: TurnTaking | undefined): TurnSettings {
  if (!set) return turnDefaults
  return {
    ...turnDefaults,
    pauseMs: set.pause_ms,
    unfinishedPauseMs: set.unfinished_pause_ms,
    interruptionMs: set.interruption_ms,
    limitsMs: {
      ...turnDefaults.limitsMs,
      pausing: Math.max(turnDefaults.limitsMs.pausing, set.unfinished_pause_ms + 1000),
      verifying: set.false_interruption_ms,
    },
  }
}
