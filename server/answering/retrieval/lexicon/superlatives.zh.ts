import type { SuperlativeWords } from './superlatives.ts'

export const superlativesZh: SuperlativeWords = {
  patterns: [
    /最(?<positive>便宜|实惠|低价|贵|轻薄|轻便|轻|重|亮|暗|大|小|高|低|多|少|长|短|久|宽|窄|深|浅|厚|薄|快|慢|安静|省电|矮)/gu,
  ],
  adjectiveOfVerb: {},
  little: /^(?:低|少|小|短)$/i,
  general: /^(?:高|多|大|长|久)$/i,
  none: /^(?!)/i,
  wish: /便宜|轻薄|轻便/gi,
  comparative:
    /(?<positive>(?<=更|比较|哪[个款台把种件]|谁)(?:便宜|实惠|安静|省电|[轻重亮暗大小高低长短宽窄深浅厚薄快慢贵])|(?:便宜|实惠|安静|省电|[轻重亮暗大小高低长短宽窄深浅厚薄快慢贵])(?=[一有]?[点些]))/gi,
}
