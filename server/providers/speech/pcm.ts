/** 16-bit little-endian sound with one channel. */
export interface Pcm {
  /** Hz. */
  sampleRate: number
  bytes: Uint8Array
}

const bytesPerSample = 2
const headerBytes = 44
/** What is quieter everywhere than this is nobody speaking: about -46 dB of full scale, over a frame. */
const speechRms = 160
/** So many frames have to be louder: a click is none. */
const speechFramesMin = 3
const frameMs = 20

export function durationMs({ bytes, sampleRate }: Pcm): number {
  return spokenMs(bytes.byteLength, sampleRate)
}

/** How long so many bytes of it sound. */
export function spokenMs(byteLength: number, sampleRate: number): number {
  return Math.round((Math.floor(byteLength / bytesPerSample) / sampleRate) * 1000)
}

/** A WAV file of it. */
export function toWav({ sampleRate, bytes }: Pcm): Buffer {
  const header = Buffer.alloc(headerBytes)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(headerBytes - 8 + bytes.byteLength, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(sampleRate, 24)
  header.writeUInt32LE(sampleRate * bytesPerSample, 28)
  header.writeUInt16LE(bytesPerSample, 32)
  header.writeUInt16LE(8 * bytesPerSample, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(bytes.byteLength, 40)
  return Buffer.concat([header, bytes])
}

/**
 * The sound of a WAV file of 16-bit samples, its channels mixed into one. A length that a recorder could not know when it
 * began (0, or all ones) is what there is.
 * @returns null where it is none
 */
export function readWav(file: Uint8Array): Pcm | null {
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (buffer.toString('latin1', 0, 4) !== 'RIFF' || buffer.toString('latin1', 8, 12) !== 'WAVE') return null
  let format: { sampleRate: number; channels: number } | null = null
  for (let at = 12; at + 8 <= buffer.length; ) {
    const name = buffer.toString('latin1', at, at + 4)
    const declared = buffer.readUInt32LE(at + 4)
    const start = at + 8
    if (name === 'fmt ') {
      if (start + 16 > buffer.length) return null
      const [kind, bits] = [buffer.readUInt16LE(start), buffer.readUInt16LE(start + 14)]
      const isPlain = kind === 1 || kind === 0xfffe
      if (!isPlain || bits !== 8 * bytesPerSample) return null
      format = { channels: buffer.readUInt16LE(start + 2), sampleRate: buffer.readUInt32LE(start + 4) }
    }
    if (name === 'data') {
      if (!format || format.channels < 1 || format.channels > 8 || format.sampleRate < 1) return null
      const isUnknown = declared === 0 || declared === 0xffffffff
      const end = isUnknown ? buffer.length : Math.min(buffer.length, start + declared)
      return {
        sampleRate: format.sampleRate,
        bytes: toOneChannel(buffer.subarray(start, end), format.channels),
      }
    }
    at = start + declared + (declared % 2)
  }
  return null
}

function toOneChannel(bytes: Buffer, channels: number): Uint8Array {
  const frames = Math.floor(bytes.length / (bytesPerSample * channels))
  if (channels === 1) return bytes.subarray(0, frames * bytesPerSample)
  const mixed = Buffer.alloc(frames * bytesPerSample)
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++)
      sum += bytes.readInt16LE((frame * channels + channel) * bytesPerSample)
    mixed.writeInt16LE(Math.trunc(sum / channels), frame * bytesPerSample)
  }
  return mixed
}

/** Whether anything in it is loud enough to be speech: models make words up for silence. */
export function hasSound({ bytes, sampleRate }: Pcm): boolean {
  const samplesPerFrame = Math.round((sampleRate * frameMs) / 1000)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const samples = Math.floor(bytes.byteLength / bytesPerSample)
  let loudFrames = 0
  for (let start = 0; start < samples; start += samplesPerFrame) {
    const end = Math.min(samples, start + samplesPerFrame)
    let energy = 0
    for (let at = start; at < end; at++) energy += view.getInt16(at * bytesPerSample, true) ** 2
    if (Math.sqrt(energy / (end - start)) < speechRms) continue
    loudFrames += 1
    if (loudFrames >= speechFramesMin) return true
  }
  return false
}
