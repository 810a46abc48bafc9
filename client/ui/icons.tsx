import type { ComponentChildren } from 'preact'
import { Glyph } from './glyph.tsx'
import * as glyphs from './glyphs.tsx'

/** By name, for pages that may be larger. */
const paths = {
  ...glyphs,
  contrast: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 3.5a8.5 8.5 0 0 1 0 17Z" fill="currentColor" />
    </>
  ),
  search: <path d="M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm5 11.5 4 4" />,
  upload: <path d="M12 16V4m-5 5 5-5 5 5M5 16v4h14v-4" />,
  gauge: <path d="M5 18a9 9 0 1 1 14 0M12 14l4-5" />,
  trash: <path d="M5 7h14M10 7V4h4v3m3 0-1 13H8L7 7m3 4v5m4-5v5" />,
  leave: <path d="M14 4h5v16h-5M15 12H4m4-4-4 4 4 4" />,
  globe: (
    <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3.5 9h17M3.5 15h17M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18" />
  ),
} satisfies Record<string, ComponentChildren>

export function Icon({ name, size }: { name: keyof typeof paths; size?: number }) {
  return <Glyph of={paths[name]} size={size} />
}
