import type { ComponentChildren } from 'preact'

interface TileProps {
  title: string
  value: string | number
  /** A light beside the value: green or red. */
  isGood?: boolean
  children?: ComponentChildren
}

export function Tile({ title, value, isGood, children }: TileProps) {
  return (
    <section class="card tile">
      <h2>{title}</h2>
      <p class="value">
        {isGood !== undefined && <i class={isGood ? 'dot good' : 'dot bad'} />}
        {value}
      </p>
      {children && <div class="muted">{children}</div>}
    </section>
  )
}
