import type { FactWords } from './facts.ts'

export const factWordsZh: FactWords = {
  locale: 'zh-CN',
  yes: '是',
  no: '否',
  sentence: (label, value, isFinished) => `${label}：${value}${isFinished ? '' : '。'}`,
  // biome-ignore format: a table of words
  units: {
    kg: '千克', g: '克', mg: '毫克', mm: '毫米', cm: '厘米', m: '米', inches: '英寸', days: '天', weeks: '周', months: '个月', years: '年', h: '小时',
    min: '分钟', s: '秒', lm: '流明', l: '升', ml: '毫升', W: '瓦', V: '伏', 'working days': '个工作日',
  },
  hasPlurals: false,
}
