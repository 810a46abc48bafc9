import type { VoiceMime } from '../../../providers/speech/speech.ts'

/** What a recording is, by what it begins with; null for anything else. */
export function soundTypeOf(bytes: Uint8Array): Exclude<VoiceMime, 'audio/pcm'> | null {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 16))
  const at = (from: number, to: number) => start.toString('latin1', from, to)
  if (at(0, 4) === 'RIFF' && at(8, 12) === 'WAVE') return 'audio/wav'
  if (at(0, 4) === '\x1a\x45\xdf\xa3') return 'audio/webm'
  if (at(4, 8) === 'ftyp') return 'audio/mp4'
  return at(0, 4) === 'OggS' ? 'audio/ogg' : null
}
