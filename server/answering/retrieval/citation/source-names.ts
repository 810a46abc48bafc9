import type { Source } from './facts.ts'
import type { Statement } from './statement.ts'

/** Stands for the name of the source of that number, whose digits and words say nothing that could be wrong. */
const nameSign = (at: number) => String.fromCharCode(0xe000 + (at % 0x1000))

export function withoutNames(text: string, sources: readonly Source[]): string {
  let rest = text
  for (const [at, { name }] of [...sources.entries()].sort(([, a], [, b]) => b.name.length - a.name.length)) {
    const found = name.trim().length < 3 ? -1 : rest.toLowerCase().indexOf(name.trim().toLowerCase())
    if (found < 0) continue
    const end = found + name.trim().length
    const isWhole =
      /(?:^|[^\p{L}\p{N}]|\p{Script=Han})$/u.test(rest.slice(0, found)) &&
      !/^[A-Za-z0-9]/.test(rest.slice(end))
    if (isWhole) rest = `${rest.slice(0, found)} ${nameSign(at)} ${rest.slice(end)}`
  }
  return rest
}

/** Whether a clause names a source other than this one, and not this one. */
export function namesOther({ text }: Statement, source: Source, sources: readonly Source[]): boolean {
  if (!/[\ue000-\uefff]/.test(text)) return false
  return (
    !text.includes(nameSign(sources.indexOf(source))) && sources.some((_, at) => text.includes(nameSign(at)))
  )
}
