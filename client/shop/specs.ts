import type { Product } from '#protocol'
import { type Language, locale } from '../ui/i18n.ts'

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

const chinese: Record<string, string> = {
  brand: '品牌',
  weight: '重量',
  battery_life: '电池续航',
  battery: '电池容量',
  ram: '内存',
  storage: '存储',
  screen: '屏幕尺寸',
  resolution: '分辨率',
  refresh_rate: '刷新率',
  brightness: '亮度',
  cpu: '处理器',
  gpu: '显卡',
  os: '操作系统',
  lumens: '光通量（流明）',
  power: '功率',
  color_temperature_min: '最低色温',
  color_temperature_max: '最高色温',
  height: '高度',
  min_height: '最低高度',
  max_height: '最高高度',
  width: '宽度',
  depth: '深度',
  max_load: '最大承重',
  seat_width: '座宽',
  material: '材质',
  color: '颜色',
  warranty: '保修',
  ports: '接口',
  panel: '面板',
  wireless: '无线',
  noise_cancelling: '主动降噪',
  dimmable: '可调光',
  adjustable_armrests: '可调扶手',
  lumbar_support: '腰部支撑',
  layout: '布局',
  switches: '轴体',
  backlight: '背光',
  driver: '驱动单元',
  usb_c: 'USB-C',
  motors: '电机数',
  noise: '噪音',
  lifetime: '使用寿命',
  case_battery_life: '充电盒续航',
  charging: '充电时间',
  water_resistance: '防水等级',
  impedance: '阻抗',
  cable: '线长',
  microphone: '麦克风',
  sensor_dpi: '传感器 DPI',
  buttons: '按键数',
}

const years = { en: 'years', zh: '年' }

export interface SpecLine {
  key: string
  label: string
  value: string
}

export function specLines(
  specs: Product['specs'],
  language: Language,
  words: { yes: string; no: string },
): SpecLine[] {
  return Object.entries(specs).flatMap(([key, value]) => {
    if (value === null || value === '') return []
    const [, stem = key, suffix = ''] = /^(.+)_([a-z]+)$/.exec(key) ?? []
    const unit = typeof value !== 'number' ? undefined : suffix === 'years' ? years[language] : units[suffix]
    const text =
      typeof value === 'boolean'
        ? words[value ? 'yes' : 'no']
        : typeof value === 'number'
          ? `${value.toLocaleString(locale(language))}${unit ? (unit === '″' ? unit : ` ${unit}`) : ''}`
          : value
    return [{ key, label: label(unit ? stem : key, language), value: text }]
  })
}

function label(key: string, language: Language): string {
  const known = language === 'zh' ? chinese[key] : undefined
  const words = key
    .replaceAll('_', ' ')
    .replace(/\b(ram|cpu|gpu|os|usb c|ssd|hdmi)\b/g, short => short.toUpperCase())
  return known ?? words.charAt(0).toUpperCase() + words.slice(1)
}
