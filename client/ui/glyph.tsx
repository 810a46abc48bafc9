import type { VNode } from 'preact'

/** 24 x 24, drawn with the text colour. Decorative: the control around it has the name. */
export function Glyph({ of, size = 20 }: { of: VNode; size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      {of}
    </svg>
  )
}
