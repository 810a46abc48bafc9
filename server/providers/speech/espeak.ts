import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Language } from '#protocol'
import { createSlots } from '../../core/slots.ts'
import { ModelError } from '../model.ts'
import { readWav } from './pcm.ts'
import type { SpeakOptions, Synthesizer } from './speech.ts'

const program = 'espeak-ng'
/** Where programs stand; nothing else of this process's environment is the voice's to know. */
const folders = ['/usr/bin', '/usr/local/bin', '/bin', '/opt/homebrew/bin']
const voices: Readonly<Record<Language, string>> = { en: 'en', zh: 'cmn' }
/** A voice of its own: a language, with a variant. Never a path, never an option. */
const voiceName = /^[a-z]{2,3}(-[a-z0-9]{1,16}){0,2}(\+[a-z0-9]{1,8})?$/
const wordsPerMinute = 165
const sampleRate = 22_050
/** A sentence takes some hundredths of a second. */
const limitMs = 10_000
const soundMaxBytes = 16_000_000
/** At work side by side, whoever else waits. */
const processesMax = 2

/** The program where it is installed; null where it is not. */
export function findEspeak(): string | null {
  return folders.map(folder => join(folder, program)).find(path => existsSync(path)) ?? null
}

/** The voice of this machine: a process for each sentence, which hears it on its input and knows no shell. */
export function createEspeak(path: string): Synthesizer {
  const inSlot = createSlots(processesMax)

  return {
    provider: program,
    model: program,
    sampleRate,
    voices: (Object.entries(voices) as [Language, string][]).map(([language, name]) => ({ name, language })),
    async *speak(text, options, signal) {
      yield await inSlot(() => say(path, text, options, signal))
    },
  }
}

function say(
  path: string,
  text: string,
  { language, voice, speed }: SpeakOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const name = voice && voiceName.test(voice) ? voice : voices[language]
  const args = ['-v', name, '-s', String(Math.round(wordsPerMinute * speed)), '--stdin', '--stdout']
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const child = spawn(path, args, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: folders.join(':'), LANG: 'C.UTF-8' },
  })
  const pieces: Buffer[] = []
  let bytes = 0
  const stop = (error: unknown) => {
    child.kill('SIGKILL')
    reject(error)
  }
  const abort = () => stop(signal.reason)
  const timer = setTimeout(() => stop(new ModelError('espeak-ng took too long.')), limitMs)
  signal.addEventListener('abort', abort)
  child.on('error', error => stop(new ModelError('espeak-ng could not be run.', { cause: error })))
  // It may end before it has heard all.
  child.stdin.on('error', () => {})
  child.stdin.end(text.replaceAll('\0', ' '))
  child.stdout.on('data', (piece: Buffer) => {
    pieces.push(piece)
    bytes += piece.length
    if (bytes > soundMaxBytes) stop(new ModelError('espeak-ng did not come to an end.'))
  })
  child.on('close', code => {
    const sound = code === 0 ? readWav(Buffer.concat(pieces)) : null
    if (sound?.sampleRate === sampleRate) resolve(sound.bytes)
    else reject(new ModelError(`espeak-ng gave no sound (${code}).`))
  })
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  })
}
