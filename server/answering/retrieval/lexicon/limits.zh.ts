import type { LimitPatterns } from './limits.ts'

export const limitsZh: LimitPatterns = {
  before: {
    most: /(?:不超过|最多|至多|不高于|不大于|不多于|预算|(?:不要|不能|不可|别|不想)(?:超过|大于|高于|多于))/i,
    least: /(?:至少|最少|不少于|不低于|不小于|起码)/i,
    below: /(?:不到|少于|低于|小于|轻于|便宜于|短于|窄于|矮于)/i,
    above: /(?:超过|大于|高于|多于|重于|长于|高过|亮于|宽于)/i,
    around: /(?:大约|大概|差不多|约)\s*$/i,
  },
  filler: /是|为|在/i,
  after: {
    most: /^\s*(?:以内|之内|内(?!存)|(?:及|或)?以下)/i,
    least: /^\s*(?:(?:及|或)?以上|起(?!重))/i,
    around: /^\s*(?:左右|上下)/i,
  },
  stated: {
    least: /(?:至少|最少|不少于|不低于|不小于|超过|大于|高于|多于|满)\s*$/iu,
    most: /(?:最多|至多|不超过|不高于|不大于|不多于|少于|低于|小于)\s*$/iu,
    leastAfter: /^\s*及?以上/iu,
    mostAfter: /^\s*(?:及?以下|及?以内|之内)/iu,
  },
  range: {
    joint: /^\s*(?:到|至|和|与)\s*$/i,
    loose: /和|与/i,
    opening: /(?:介于|从|在)\s*$/i,
    between: /(?:介于|在)\s*$/i,
    closing: /^\s*(?:之间|间|的)/,
    betweenAfter: /^\s*之?间/,
  },
}
