import { basePath } from './base-path.ts'
import { Glyph } from './glyph.tsx'
import { person } from './glyphs.tsx'

interface Props {
  /** Null for somebody who has not said it. */
  name: string | null
  url?: string | null
  /** Shown as a dot on its edge. */
  presence?: 'online' | 'away' | 'offline'
}

/** A face, or the first letters of the name. The name itself is said beside it. */
export function Avatar({ name, url, presence }: Props) {
  return (
    <span class="avatar" aria-hidden="true">
      {url ? (
        <img src={url.startsWith('/') ? basePath + url : url} alt="" />
      ) : name ? (
        initials(name)
      ) : (
        <Glyph of={person} />
      )}
      {presence && <i class={`presence ${presence}`} />}
    </span>
  )
}

/** Two letters; of a Chinese name the last two characters. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  if (/^\p{Script=Han}/u.test(words[0] ?? '')) return (words[0] ?? '').slice(-2)
  return words
    .slice(0, 2)
    .map(word => [...word][0] ?? '')
    .join('')
    .toUpperCase()
}
