import { posix } from 'node:path'
import { fileProblem } from '../problem.ts'
import { type Structure, StructureWriter } from '../structure.ts'
import { looksHeaded } from './table-head.ts'
import { walkXml } from './xml.ts'
import { readZip } from './zip.ts'

const slidesMax = 1000
/** What stands on every slide alike. */
const furniture = new Set(['dt', 'ftr', 'sldNum', 'hdr', 'sldImg'])
const titleMax = 200

interface Shape {
  placeholder: string
  /** The largest type in it, in hundredths of a point. */
  size: number
  lines: string[]
  rows: string[][]
}

interface Slide {
  shapes: Shape[]
  isHidden: boolean
}

/** Slides in their order: titles as headings, text, lists and tables, then what the speaker noted. Hidden slides stay out. */
export async function readPptx(bytes: Uint8Array): Promise<Structure> {
  const parts = await readZip(bytes, name =>
    /^ppt\/(?:_rels\/|presentation\.xml|slides\/|notesSlides\/)/.test(name),
  )
  const order = slideOrder(parts)
  if (order.length > slidesMax) throw fileProblem('too_many_pages', slidesMax)
  const writer = new StructureWriter('slide')
  for (const [at, path] of order.entries()) {
    const slide = slideAt(parts, path)
    if (slide.isHidden) continue
    writer.moveTo(at + 1)
    const title = titleOf(slide.shapes)
    if (title) writer.heading(2, title.lines.join(' '))
    for (const shape of slide.shapes) if (shape !== title) writeShape(writer, shape)
    const notes = targetsOf(parts, path).find(target => target.startsWith('ppt/notesSlides/'))
    if (notes) for (const shape of slideAt(parts, notes).shapes) writeShape(writer, shape)
  }
  return writer.finish()
}

function writeShape(writer: StructureWriter, { lines, rows }: Shape): void {
  for (const line of lines) writer.line(line)
  writer.table(rows, looksHeaded(rows))
}

/** By its place, else the first text of a slide where it is written the largest. */
function titleOf(shapes: readonly Shape[]): Shape | undefined {
  const placed = shapes.find(({ placeholder }) => /title$/i.test(placeholder))
  if (placed) return placed
  const [first, ...others] = shapes.filter(({ lines }) => lines.length > 0)
  const isTitle = first && first.lines.join(' ').length <= titleMax && first.size > 0
  return isTitle && others.every(({ size }) => size < first.size) ? first : undefined
}

function slideOrder(parts: ReadonlyMap<string, Buffer>): string[] {
  const presentation = parts.get('ppt/presentation.xml')
  if (!presentation) throw fileProblem('damaged')
  const targets = relationsOf(parts, 'ppt/presentation.xml')
  const order: string[] = []
  walk(
    presentation,
    name => name === 'sldId',
    attributes => order.push(targets.get(attributes['r:id'] ?? '') ?? ''),
  )
  return order.filter(path => parts.has(path))
}

function targetsOf(parts: ReadonlyMap<string, Buffer>, path: string): string[] {
  return [...relationsOf(parts, path).values()]
}

/** What a part refers to within the file, by id. */
function relationsOf(parts: ReadonlyMap<string, Buffer>, path: string): Map<string, string> {
  const { dir, base } = posix.parse(path)
  const relations = new Map<string, string>()
  const part = parts.get(`${dir}/_rels/${base}.rels`)
  if (part)
    walk(
      part,
      name => name === 'Relationship',
      ({ Id = '', Target = '' }) =>
        relations.set(Id, posix.join(Target.startsWith('/') ? '' : dir, Target).replace(/^\//, '')),
    )
  return relations
}

function walk(
  xml: Buffer,
  matches: (name: string) => boolean,
  found: (attributes: Readonly<Record<string, string>>) => void,
): void {
  walkXml(xml, { open: (name, attributes) => matches(name) && found(attributes) })
}

function slideAt(parts: ReadonlyMap<string, Buffer>, path: string): Slide {
  const reader = new SlideReader()
  walkXml(parts.get(path)!, reader)
  return reader.finish()
}

class SlideReader {
  private readonly shapes: Shape[] = []
  private shape: Shape = emptyShape()
  private isHidden = false
  private paragraph = ''
  private mark = ''
  private count = 0
  private isText = false
  private row: string[] | null = null
  private cell: string[] | null = null

  readonly open = (name: string, attributes: Readonly<Record<string, string>>) => {
    if (name === 'sld') this.isHidden = attributes.show === '0'
    else if (name === 'sp' || name === 'graphicFrame') this.shape = emptyShape()
    else if (name === 'ph') this.shape.placeholder = attributes.type ?? 'body'
    else if (name === 'tr') this.row = []
    else if (name === 'tc') this.cell = []
    else if (name === 'p') [this.paragraph, this.mark] = ['', '']
    else if (name === 'buChar') this.mark = '- '
    else if (name === 'buAutoNum') this.mark = `${this.count + 1}. `
    else if (name === 'rPr') this.shape.size = Math.max(this.shape.size, Number(attributes.sz) || 0)
    else if (name === 'br') this.paragraph += ' '
    this.isText = name === 't'
  }

  readonly text = (text: string) => {
    if (this.isText) this.paragraph += text
  }

  readonly close = (name: string) => {
    this.isText = false
    if (name === 'p') this.endParagraph()
    else if (name === 'tc') this.row?.push((this.cell ?? []).join(' '))
    else if (name === 'tr') this.shape.rows.push(this.row ?? [])
    else if (name === 'sp' || name === 'graphicFrame') this.endShape()
    if (name === 'tc') this.cell = null
    if (name === 'tr') this.row = null
  }

  finish(): Slide {
    return { shapes: this.shapes, isHidden: this.isHidden }
  }

  private endParagraph() {
    const text = this.paragraph.trim()
    this.count = this.mark.endsWith('. ') && text ? this.count + 1 : 0
    if (text) (this.cell ?? this.shape.lines).push(this.cell ? text : this.mark + text)
    this.paragraph = ''
  }

  private endShape() {
    if (!furniture.has(this.shape.placeholder)) this.shapes.push(this.shape)
    this.shape = emptyShape()
  }
}

function emptyShape(): Shape {
  return { placeholder: '', size: 0, lines: [], rows: [] }
}
