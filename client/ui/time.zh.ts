import type { TimeUnits } from './time.ts'

export const zh: TimeUnits = { s: '秒', m: '分钟', h: '小时', d: '天' }
