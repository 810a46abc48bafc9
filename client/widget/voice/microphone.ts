import { voiceSampleRate } from '../../sdk/voice/index.ts'
import { createResampler, toPcm } from './resample.ts'

/** Milliseconds. What the voice detector judges at a time. */
export const frameMs = 20
const frameLength = (voiceSampleRate * frameMs) / 1000
const blockLength = 1024

/** Why there is no microphone. */
export type MicrophoneProblem = 'denied' | 'missing' | 'busy' | 'insecure'

export class MicrophoneError extends Error {
  readonly problem: MicrophoneProblem

  constructor(problem: MicrophoneProblem) {
    super(problem)
    this.problem = problem
  }
}

export interface Microphone {
  close(): void
}

export interface MicrophoneParts {
  audio: AudioContext
  /** Of the server. */
  url: string
  /** 20 ms of 16-bit samples at `voiceSampleRate`. */
  onFrame(frame: Int16Array): void
  /** It was unplugged, or taken away. */
  onEnd(): void
}

/** @throws MicrophoneError */
export async function openMicrophone({ audio, url, onFrame, onEnd }: MicrophoneParts): Promise<Microphone> {
  const stream = await requestStream()
  for (const track of stream.getTracks()) track.onended = onEnd
  const source = audio.createMediaStreamSource(stream)
  const resample = createResampler(audio.sampleRate, voiceSampleRate)
  let rest = new Int16Array()

  function onSamples(samples: Float32Array) {
    const pcm = toPcm(resample(samples))
    const joined = new Int16Array(rest.length + pcm.length)
    joined.set(rest)
    joined.set(pcm, rest.length)
    let at = 0
    for (; at + frameLength <= joined.length; at += frameLength) onFrame(joined.slice(at, at + frameLength))
    rest = joined.slice(at)
  }

  const node = await createCapture(audio, url, onSamples)
  source.connect(node)
  return {
    close() {
      source.disconnect()
      node.disconnect()
      for (const track of stream.getTracks()) {
        track.onended = null
        track.stop()
      }
    },
  }
}

async function requestStream(): Promise<MediaStream> {
  // Plain http pages have none.
  if (!navigator.mediaDevices) throw new MicrophoneError('insecure')
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    })
  } catch (error) {
    throw new MicrophoneError(problems[(error as DOMException).name] ?? 'missing')
  }
}

const problems: Record<string, MicrophoneProblem> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotReadableError: 'busy',
  AbortError: 'busy',
}

const ready = new WeakMap<AudioContext, Promise<void>>()

/** On the audio thread; on a page whose policy does not let its script in, on the page's own, which needs none. */
async function createCapture(audio: AudioContext, url: string, onSamples: (samples: Float32Array) => void) {
  try {
    const loading = ready.get(audio) ?? audio.audioWorklet.addModule(`${url}/${workletFile}`)
    ready.set(audio, loading)
    await loading
    const node = new AudioWorkletNode(audio, 'parley-capture', { numberOfOutputs: 0 })
    node.port.onmessage = ({ data }) => onSamples(data)
    return node
  } catch {
    const node = audio.createScriptProcessor(blockLength, 1, 1)
    node.onaudioprocess = ({ inputBuffer }) => onSamples(inputBuffer.getChannelData(0))
    // It runs only while it leads somewhere; what it gives is silence.
    node.connect(audio.destination)
    return node
  }
}
