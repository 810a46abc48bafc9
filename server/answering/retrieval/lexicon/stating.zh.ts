import type { Patterns } from './patterns.ts'
import type { StatingCue } from './stating.ts'

export const statingZh: Patterns<StatingCue> = {
  permission: /可以|不能|可|不|除外|支持|包括/i,
  countedFrom: /(\p{Script=Han}{2})(?:之?后|以后|起)/giu,
  leansBack:
    /^(?:它们?|他们|她|这(?!里)|那|该|其(?![他它余实中])|此|否则|另外|同时|因此|所以|但是?|而且|并且|如果不|在此)/i,
  reply: /^(?:是的?|可以的?|能|不是|不可以|不能|不行|没有|当然(?:可以)?|抱歉|很抱歉)[，,。！]\s*/i,
  span: /立即|马上|当天|次日|终身|永久|长期|取决于|视.{1,8}而定|直到|随时/i,
  week: /(?:周|星期|礼拜|工作日|每天|节假日)[^。\n\d]{0,12}\d{1,2}(?:[点:：时]\d{0,2}(?:分|半)?)?\s?(?:到|至|[-–—~～])\s?\d{1,2}/i,
  hours: /营业|休息|关门|全天|不打烊/i,
  cost: /免费|包邮|免运费|不收|无需付|由\p{Script=Han}{1,10}(?:承担|支付|负责)|自理|自付/iu,
}
