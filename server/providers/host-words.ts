import { maskPersonal } from '../security/masking.ts'

/** Why a host refused, in its own words, of at most this many UTF-16 units. */
const wordsMax = 200
/** A stretch this long that is also in what it was sent is an echo of people's text. */
const echoLength = 24
const removed = '…'

/** Keys, tokens and names of accounts, also where the host has starred out their middle. */
const secrets = [
  /\b(?:sk|pk|rk|key|org|proj|user|acct|gsk|hf|xai|nvapi|r8|AIza|eyJ)[-_.][\w*.-]{3,}/g,
  /\b(?:AIza|eyJ)[\w*.-]{6,}/g,
  /\bbearer\s+\S+/gi,
  /\b(?=[\w*-]*\d)(?=[\w*-]*[a-z])[\w*-]{20,}/gi,
  /\S{2,}\*{3,}\S*/g,
]

/**
 * What may be repeated of a host's words to staff and in the log: no key, no organization, nothing of what people wrote.
 * @param sent the body of the call
 */
export function hostWords(words: string, sent: string, headers: Record<string, string> = {}): string {
  const key = headers.authorization?.replace(/^Bearer /, '') || '\0'
  const start = words
    .slice(0, 2 * wordsMax)
    .replaceAll(key, removed)
    .replace(/\s+/g, ' ')
    .trim()
  const plain = secrets.reduce((text, secret) => text.replace(secret, removed), start).slice(0, wordsMax)
  return maskPersonal(withoutEchoes(plain, sent)).replace(/[.\s]+$/, '')
}

function withoutEchoes(words: string, sent: string): string {
  let text = ''
  for (let at = 0; at < words.length; ) {
    let end = at + echoLength
    if (end > words.length || !sent.includes(words.slice(at, end))) {
      text += words[at++]
      continue
    }
    while (end < words.length && sent.includes(words.slice(at, end + 1))) end++
    text += removed
    at = end
  }
  return text
}

/** The sentence in an error body: hosts put it in `error.message`, `error`, `message` or `detail`. */
export function reasonIn(body: unknown): string {
  if (typeof body === 'string') return body
  if (Array.isArray(body)) return body.map(reasonIn).filter(Boolean).join('; ')
  if (typeof body !== 'object' || body === null) return ''
  const { error, message, detail, msg } = body as Record<string, unknown>
  return reasonIn(error ?? undefined) || reasonIn(message ?? detail ?? msg)
}
