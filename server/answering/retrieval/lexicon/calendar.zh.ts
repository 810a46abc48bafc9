import type { CalendarWords } from './calendar.ts'

// biome-ignore format: tables of words
export const calendarZh: CalendarWords = {
  cue: /[周星礼月日天双]/u,
  day: /(?<![一二两三四\d])(?:周|星期|礼拜)([一二三四五六日天])/gu,
  days: { 一: 0, 二: 1, 三: 2, 四: 3, 五: 4, 六: 5, 日: 6, 天: 6 },
  month: /(十[一二]|[一二三四五六七八九十])月(?!龄)/gu,
  months: { 一: 0, 二: 1, 三: 2, 四: 3, 五: 4, 六: 5, 七: 6, 八: 7, 九: 8, 十: 9, 十一: 10, 十二: 11 },
  weekdays: /(?<!个)工作日/u,
  weekend: /周末|双休日/u,
  everyDay: /每天|每日|天天/u,
}
