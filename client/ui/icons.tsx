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
  pulse: <path d="M3 12h4l3-7 4 14 3-7h4" />,
  question: (
    <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Zm-2.3 6.2a2.4 2.4 0 1 1 3.5 2.4c-.8.4-1.2 1-1.2 1.9M12 17h.01" />
  ),
  gauge: <path d="M5 18a9 9 0 1 1 14 0M12 14l4-5" />,
  trash: <path d="M5 7h14M10 7V4h4v3m3 0-1 13H8L7 7m3 4v5m4-5v5" />,
  desk: (
    <path d="M4 13v-2a8 8 0 0 1 16 0v2M4 13h3v5H5a1 1 0 0 1-1-1v-4Zm16 0h-3v5h2a1 1 0 0 0 1-1v-4Zm-1 5c0 2-2 3-5 3" />
  ),
  chart: <path d="M4 20h16M7 16v-5m5 5V6m5 10v-8" />,
  coins: (
    <path d="M12 4c3.9 0 7 1.3 7 3s-3.1 3-7 3-7-1.3-7-3 3.1-3 7-3ZM5 7v5c0 1.7 3.1 3 7 3s7-1.3 7-3V7M5 12v5c0 1.7 3.1 3 7 3s7-1.3 7-3v-5" />
  ),
  people: (
    <path d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6 9c0-3.5 2.5-6 6-6s6 2.5 6 6M16 4.5a3.5 3.5 0 0 1 0 6.5m1.5 3.5c2.2.8 3.5 2.8 3.5 5.5" />
  ),
  settings: (
    <path d="M4 7h9m5 0h2M4 17h3m5 0h8M15.5 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-6 10a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z" />
  ),
  history: <path d="M12 8v4.5l3 2M4.5 12a7.5 7.5 0 1 0 2.2-5.3L4.5 9M4.5 5v4h4" />,
  mail: <path d="M4 6h16v12H4V6Zm0 1 8 6 8-6" />,
  contact: <path d="M5 4h4l1.5 5L8 11a12 12 0 0 0 5 5l2-2.5 5 1.5v4c-9 1.5-16.5-6-15-15Z" />,
  bell: <path d="M6 16V11a6 6 0 1 1 12 0v5l1.5 2h-15L6 16Zm4 4a2.2 2.2 0 0 0 4 0" />,
  note: <path d="M5 4h14v10l-5 6H5V4Zm14 10h-5v6" />,
  spark: <path d="M12 4c.8 4.5 2.5 6.2 7 7-4.5.8-6.2 2.5-7 7-.8-4.5-2.5-6.2-7-7 4.5-.8 6.2-2.5 7-7Z" />,
  transfer: <path d="M4 8h14m-4-4 4 4-4 4M20 16H6m4-4-4 4 4 4" />,
  columns: <path d="M4 5h16v14H4V5Zm8 0v14" />,
  info: <path d="M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 11v5M12 8h.01" />,
  keyboard: <path d="M3 7h18v11H3V7Zm4 4h.01M11 11h.01M15 11h.01M8 15h8" />,
  back: <path d="M19 12H5m6-6-6 6 6 6" />,
  bolt: <path d="M13 3 5 14h6l-1 7 8-11h-6l1-7Z" />,
  tag: <path d="M4 4h8l8 8-8 8-8-8V4Zm4 4h.01" />,
  slash: <path d="M14 5 10 19" />,
  shield: <path d="M12 3.5 5 6v5.5c0 4.3 2.9 7.6 7 9 4.1-1.4 7-4.7 7-9V6l-7-2.5Zm-3 8.5 2.2 2.2L15.5 10" />,
  key: (
    <path d="M15.5 4a4.5 4.5 0 1 0-4.2 6.1L4 17.5V20h3v-2h2v-2h2l1.4-1.4A4.5 4.5 0 0 0 15.5 4Zm.5 4h.01" />
  ),
  eye: (
    <path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z" />
  ),
  download: <path d="M12 4v12m-5-5 5 5 5-5M5 20h14" />,
  leave: <path d="M14 4h5v16h-5M15 12H4m4-4-4 4 4 4" />,
  globe: (
    <path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM3.5 9h17M3.5 15h17M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18" />
  ),
  before: <path d="m14 6-6 6 6 6" />,
  after: <path d="m10 6 6 6-6 6" />,
  menu: <path d="M4 7h16M4 12h16M4 17h16" />,
  dots: <path d="M5.5 12h.01M12 12h.01M18.5 12h.01" stroke-width="2.6" />,
  pin: <path d="M9 4h6l-1 6 3 3v2H7v-2l3-3-1-6Zm3 11v5" />,
  archive: <path d="M4 5h16v4H4V5Zm1 4v10h14V9m-9 4h4" />,
} satisfies Record<string, ComponentChildren>

export type IconName = keyof typeof paths

export function Icon({ name, size }: { name: IconName; size?: number }) {
  return <Glyph of={paths[name]} size={size} />
}
