import { officialOpenaiUrl } from '../openai.ts'

export interface ModelEnd {
  /** The day its host switches it off: `2027-01-06`. */
  ends_on: string
  /** What its host names in its place. */
  replacement: string | null
}

const speaking: ModelEnd = { ends_on: '2027-01-06', replacement: null }
const understanding: ModelEnd = { ends_on: '2027-02-26', replacement: 'gpt-transcribe' }

/** As OpenAI announced it for its own host; a server of one's own keeps what it has, whatever it is called. */
const ends: Readonly<Record<string, ModelEnd>> = {
  'tts-1': speaking,
  'tts-1-hd': speaking,
  'gpt-4o-mini-tts': speaking,
  'whisper-1': understanding,
  'gpt-4o-transcribe': understanding,
  'gpt-4o-mini-transcribe': understanding,
  'gpt-4o-transcribe-diarize': understanding,
}

/** Null where none is known. */
export function findModelEnd({ model, hostUrl }: { model: string; hostUrl?: string }): ModelEnd | null {
  if (hostUrl !== officialOpenaiUrl) return null
  // A dated version ends with its model.
  return ends[model] ?? ends[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')] ?? null
}
