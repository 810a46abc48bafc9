import type { Section } from '../../../ingest/structure.ts'

export interface Change {
  kind: 'added' | 'removed'
  /** The headings it stands under, outermost first. */
  heading: string[]
  text: string
}

/** Comparisons of lines beyond these are not made: what both have is then told apart without regard to order. */
const cellsMax = 4_000_000

interface Line {
  heading: string[]
  text: string
  key: string
}

/** What of the lines of one text is not in the other, in their order: removed before added in each place. */
export function differenceOf(before: readonly Section[], now: readonly Section[]): Change[] {
  const [old, fresh] = [linesOf(before), linesOf(now)]
  let start = 0
  while (start < Math.min(old.length, fresh.length) && old[start]!.key === fresh[start]!.key) start++
  let end = 0
  const shorter = Math.min(old.length, fresh.length) - start
  while (end < shorter && old.at(-1 - end)!.key === fresh.at(-1 - end)!.key) end++
  const [a, b] = [old.slice(start, old.length - end), fresh.slice(start, fresh.length - end)]
  return a.length * b.length <= cellsMax ? inOrder(a, b) : byPresence(a, b)
}

function linesOf(sections: readonly Section[]): Line[] {
  return sections.flatMap(({ heading, text }) =>
    text.split('\n').map(line => ({ heading, text: line, key: `${heading.join('\n')}\n\n${line}` })),
  )
}

function inOrder(a: readonly Line[], b: readonly Line[]): Change[] {
  const width = b.length + 1
  const common = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] =
        a[i]!.key === b[j]!.key
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!)
  const changes: Change[] = []
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
    if (i < a.length && j < b.length && a[i]!.key === b[j]!.key) [i, j] = [i + 1, j + 1]
    else if (i < a.length && (j === b.length || common[(i + 1) * width + j]! >= common[i * width + j + 1]!))
      changes.push(changed('removed', a[i++]!))
    else changes.push(changed('added', b[j++]!))
  }
  return changes
}

function byPresence(a: readonly Line[], b: readonly Line[]): Change[] {
  const [inA, inB] = [a, b].map(lines => new Set(lines.map(({ key }) => key)))
  return [
    ...a.filter(({ key }) => !inB!.has(key)).map(line => changed('removed', line)),
    ...b.filter(({ key }) => !inA!.has(key)).map(line => changed('added', line)),
  ]
}

function changed(kind: Change['kind'], { heading, text }: Line): Change {
  return { kind, heading, text }
}
