import 'uplot/dist/uPlot.min.css'
import './plot.css'
import { useEffect, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { type Language, locale } from '../ui/i18n.ts'
import { useConsole } from './context.ts'

/** One value for each day. */
export interface Line<Day> {
  label: string
  /** A colour of tokens.css. */
  colour: string
  /** A bar for each day, behind the lines. */
  isBar?: boolean
  /** Days may lie apart. */
  hasPoints?: boolean
  value(day: Day): number | null
}

interface PlotProps<Day> {
  title: string
  /** In order; `date` is `2026-11-30`. */
  days: Day[]
  lines: Line<Day>[]
  /** The axis reaches this at least: 1 of what is counted. */
  leastMax?: number
  /** Each has the same room, whenever it was: for what is done now and then. */
  isEven?: boolean
}

const heightPx = 220
const halfDayS = 43_200

/** Days and what they had, as bars and lines. Its library is large: to be fetched when there is something to plot. */
export function Plot<Day extends { date: string }>({
  title,
  days,
  lines,
  leastMax = 1,
  isEven = false,
}: PlotProps<Day>) {
  const { language } = useConsole()
  const box = useRef<HTMLDivElement>(null)
  const colours = useColours()
  const shape = JSON.stringify([lines.map(({ label }) => label), language, colours])

  // Data comes every few seconds; only another language or palette makes another plot.
  const plot = useRef<uPlot | null>(null)
  const shown = useRef(days)
  shown.current = days
  useEffect(() => {
    const { current } = box
    if (!current) return
    const made = new uPlot(
      options(current.clientWidth, {
        lines,
        colours,
        language,
        leastMax,
        dateAt: isEven ? at => shown.current[at]?.date : null,
      }),
      toData(days, lines, isEven),
      current,
    )
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: current.clientWidth, height: heightPx }))
    resized.observe(current)
    return () => {
      resized.disconnect()
      made.destroy()
    }
  }, [shape])
  useEffect(() => plot.current?.setData(toData(days, lines, isEven)), [days])

  return (
    <figure>
      <figcaption>{title}</figcaption>
      <div ref={box} />
    </figure>
  )
}

function toData<Day extends { date: string }>(
  days: Day[],
  lines: Line<Day>[],
  isEven: boolean,
): uPlot.AlignedData {
  const times = days.map(({ date }, at) => (isEven ? at : Date.parse(date) / 1000))
  return [times, ...lines.map(({ value }) => days.map(value))]
}

interface Look<Day> {
  lines: Line<Day>[]
  colours: Palette
  language: Language
  leastMax: number
  /** The date of a place on the axis, where places are numbers. */
  dateAt: ((at: number) => string | undefined) | null
}

function options<Day>(
  width: number,
  { lines, colours, language, leastMax, dateAt }: Look<Day>,
): uPlot.Options {
  const date = new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'short', timeZone: 'UTC' })
  const number = new Intl.NumberFormat(locale(language), { maximumSignificantDigits: 3 })
  const half = dateAt ? 0.5 : halfDayS
  const day = (x: number) => {
    if (!dateAt) return date.format(x * 1000)
    const at = dateAt(x)
    return at === undefined ? '' : date.format(new Date(at))
  }
  const axis: uPlot.Axis = {
    stroke: colours['--muted'],
    grid: { stroke: colours['--line'], width: 1 },
    ticks: { show: false },
  }
  return {
    width,
    height: heightPx,
    cursor: { y: false },
    legend: { live: false },
    scales: {
      // Half a day on both sides, so that the outer bars are whole.
      x: { time: dateAt === null, range: (_, min, max) => [min - half, max + half] },
      y: { range: (_, __, max) => [0, Math.max(leastMax, max * 1.1) || 1] },
    },
    axes: [
      {
        ...axis,
        ...(dateAt && { incrs: [1, 2, 5, 10, 20, 50] }),
        values: (_, splits) => splits.map(day),
        grid: { show: false },
      },
      { ...axis, size: 52, values: (_, splits) => splits.map(amount => number.format(amount)) },
    ],
    series: [
      { value: (_, seconds) => (seconds === null ? '–' : day(seconds)), label: '' },
      ...lines.map(({ label, colour, isBar, hasPoints = false }) => ({
        label,
        stroke: colours[colour],
        width: isBar ? 1 : 2,
        fill: isBar ? `color-mix(in srgb, ${colours[colour]} 28%, transparent)` : undefined,
        paths: isBar ? uPlot.paths.bars?.({ size: [0.6, 28], radius: 0.2 }) : undefined,
        spanGaps: true,
        points: { show: hasPoints, size: 6, fill: colours[colour] },
      })),
    ],
  }
}

type Palette = Record<string, string>

const used = ['--accent', '--warning', '--danger', '--muted', '--line']

/** A canvas needs colours as they come out: read from an element, and again when light turns dark. */
function useColours(): Palette {
  const [colours, setColours] = useState(readColours)
  useEffect(() => {
    const read = () => setColours(readColours)
    const theme = new MutationObserver(read)
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', read)
    return () => {
      theme.disconnect()
      system.removeEventListener('change', read)
    }
  }, [])
  return colours
}

function readColours(): Palette {
  const probe = document.body.appendChild(document.createElement('i'))
  const read = (name: string) => {
    probe.style.color = `var(${name})`
    return [name, getComputedStyle(probe).color]
  }
  const colours = Object.fromEntries(used.map(read))
  probe.remove()
  return colours
}
