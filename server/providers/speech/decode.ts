import type { EncodedPacket, InputAudioTrack } from 'mediabunny'
import { yieldToLoop } from '../../core/turns.ts'
import type { Pcm } from './pcm.ts'

/** A recording in a container: how long it is, and its sound where its codec is read here. */
export interface Decoded {
  durationMs: number
  /** As its container names it: `opus`, `aac` … */
  codec: string | null
  /** Of Opus, at 16 kHz; null of others. */
  pcm: Pcm | null
}

/** What Opus is decoded to, and what speech is understood at; in Hz. */
const opusRate = 48_000
const speechRate = 16_000
/** A packet of Opus is 20 ms mostly, and 2.5 ms at least. */
const packetsMax = 60_000
const yieldEvery = 100

/**
 * Reads WebM, MP4 and Ogg. What it is read by is loaded with the first recording.
 * @param maxMs what is longer is not read on
 * @returns null where it is none of them, or is broken
 */
export async function decodeContainer(bytes: Uint8Array, maxMs: number): Promise<Decoded | null> {
  const { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } = await import('mediabunny')
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS })
  try {
    const track = await input.getPrimaryAudioTrack()
    if (!track) return null
    const decoder = track.codec === 'opus' ? await openOpus(track) : null
    const pieces: Uint8Array[] = []
    let count = 0
    let durationMs = 0
    try {
      for await (const packet of new EncodedPacketSink(track).packets()) {
        durationMs = Math.round((packet.timestamp + packet.duration) * 1000)
        if (durationMs > maxMs || ++count > packetsMax) break
        if (decoder) pieces.push(decoder.decode(packet))
        if (count % yieldEvery === 0) await yieldToLoop()
      }
    } catch {
      // It was cut there: what is before it counts.
    } finally {
      decoder?.free()
    }
    if (count === 0) return null
    const pcm = decoder && { sampleRate: speechRate, bytes: Buffer.concat(pieces) }
    return { durationMs, codec: track.codec, pcm }
  } catch {
    return null
  } finally {
    input.dispose()
  }
}

async function openOpus({ numberOfChannels: channels }: InputAudioTrack) {
  const { OpusDecoder } = await import('opus-decoder')
  const decoder = new OpusDecoder({ channels, sampleRate: opusRate })
  await decoder.ready
  return {
    free: () => decoder.free(),
    decode({ data }: EncodedPacket): Uint8Array {
      const { channelData, samplesDecoded } = decoder.decodeFrame(data)
      return toSpeech(channelData, samplesDecoded)
    },
  }
}

/** One channel at a third of the rate: each three samples become their mean. */
function toSpeech(channels: Float32Array[], samples: number): Uint8Array {
  const step = opusRate / speechRate
  const bytes = Buffer.alloc(Math.floor(samples / step) * 2)
  for (let at = 0; at < bytes.length / 2; at++) {
    let sum = 0
    for (const channel of channels)
      for (let offset = 0; offset < step; offset++) sum += channel[at * step + offset] ?? 0
    const mean = sum / (step * channels.length)
    bytes.writeInt16LE(Math.round(Math.max(-1, Math.min(1, mean)) * 32_767), at * 2)
  }
  return bytes
}
