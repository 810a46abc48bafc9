import type { Product } from '#protocol'
import { type Language, locale } from '../ui/i18n.ts'
import { en } from './specs.en.ts'
import { zh } from './specs.zh.ts'

export interface SpecWords {
  years: string
  /** By key without its unit; one that is not here is taken from the key. */
  labels: Readonly<Record<string, string>>
}

/** Last part of a key that is a unit: `weight_kg` is "Weight", in kg. */
const units: Record<string, string> = {
  kg: 'kg',
  g: 'g',
  mm: 'mm',
  cm: 'cm',
  m: 'm',
  gb: 'GB',
  tb: 'TB',
  h: 'h',
  min: 'min',
  ms: 'ms',
  hz: 'Hz',
  khz: 'kHz',
  ghz: 'GHz',
  w: 'W',
  wh: 'Wh',
  mah: 'mAh',
  db: 'dB',
  k: 'K',
  lm: 'lm',
  nits: 'nits',
  inches: '″',
  inch: '″',
  percent: '%',
  ohm: 'Ω',
}

const words: Record<Language, SpecWords> = { en, zh }

export interface SpecLine {
  key: string
  label: string
  value: string
}

export function specLines(
  specs: Product['specs'],
  language: Language,
  answers: { yes: string; no: string },
): SpecLine[] {
  return Object.entries(specs).flatMap(([key, value]) => {
    if (value === null || value === '') return []
    const [, stem = key, suffix = ''] = /^(.+)_([a-z]+)$/.exec(key) ?? []
    const unit =
      typeof value !== 'number' ? undefined : suffix === 'years' ? words[language].years : units[suffix]
    const text =
      typeof value === 'boolean'
        ? answers[value ? 'yes' : 'no']
        : typeof value === 'number'
          ? `${value.toLocaleString(locale(language))}${unit ? (unit === '″' ? unit : ` ${unit}`) : ''}`
          : value
    return [{ key, label: label(unit ? stem : key, language), value: text }]
  })
}

function label(key: string, language: Language): string {
  const known = words[language].labels[key]
  const plain = key
    .replaceAll('_', ' ')
    .replace(/\b(ram|cpu|gpu|os|usb c|ssd|hdmi)\b/g, short => short.toUpperCase())
  return known ?? plain.charAt(0).toUpperCase() + plain.slice(1)
}
