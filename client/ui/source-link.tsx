import type { Reference } from '#protocol'
import { isLinkable } from '#protocol/core/address'
import { Glyph } from './glyph.tsx'
import { link } from './glyphs.tsx'

/** The way to where a reference stands; nothing where its address is none that a link may have. */
export function SourceLink({ url, label }: { url: Reference['url']; label: string }) {
  if (!url || !isLinkable(url)) return null
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {label} <Glyph of={link} size={14} />
    </a>
  )
}
